namespace CallAnalytics;

/// <summary>An event of this application's own, appended to a call: somebody listened to it.</summary>
/// <param name="By">Who.</param>
/// <param name="Stars">How good it was, 1 to 5.</param>
public sealed record CallReviewed(string By, int Stars);
