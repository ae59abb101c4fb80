namespace EventCalls.Store;

/// <summary>How a database finds the headers of calls.</summary>
/// <param name="OfFirstEvent">The SQL that comes behind <c>from</c> so that <c>name</c> and <c>value</c> are those of the headers of the call's first event, up to a condition to go on from.</param>
/// <param name="HasValue">A condition behind it that says quickly, of a call none of whose headers has the value <c>{0}</c>, that it has not; empty where there is none.</param>
/// <param name="Among">The only calls that can match, as an index of headers says; null when any call can.</param>
public sealed record HeaderSource(string OfFirstEvent, string HasValue = "", IReadOnlyCollection<Guid>? Among = null);
