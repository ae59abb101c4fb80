namespace EventCalls.Store;

/// <summary>The SQL by which a database finds the headers of calls.</summary>
/// <param name="OfFirstEvent">What comes behind <c>from</c> so that <c>name</c> and <c>value</c> are those of the headers of the call's first event, up to a condition to go on from.</param>
/// <param name="CallsByIndex">The query for the ids of calls that an index has for any of some names, in lower case, with a value; it may find more. Null where there is no index of headers.</param>
public sealed record HeaderSource(string OfFirstEvent, Func<IReadOnlyList<string>, string, string>? CallsByIndex = null);
