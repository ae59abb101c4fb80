namespace EventCalls.Marten.Tests.Applications;

/// <summary>An event of an application's own: somebody listened to a call.</summary>
internal sealed record CallReviewed(string By, int Stars);
