namespace EventCalls.Sip.Messages;

/// <summary>What the grammar says about a header field: whether it is a comma-separated list (RFC 3261 §7.3.1).</summary>
internal static class HeaderKinds
{
    private static readonly bool[] Lists = Build(
        HeaderId.Via, HeaderId.Contact, HeaderId.Route, HeaderId.RecordRoute, HeaderId.Require, HeaderId.ProxyRequire,
        HeaderId.Supported, HeaderId.Unsupported, HeaderId.Allow, HeaderId.Accept, HeaderId.Reason, HeaderId.Warning,
        HeaderId.PAssertedIdentity, HeaderId.PPreferredIdentity, HeaderId.RemotePartyId, HeaderId.Diversion,
        HeaderId.HistoryInfo, HeaderId.AllowEvents, HeaderId.ContentEncoding, HeaderId.CallInfo, HeaderId.AlertInfo,
        HeaderId.ErrorInfo, HeaderId.Path, HeaderId.UserToUser, HeaderId.AcceptContact, HeaderId.RejectContact,
        HeaderId.RequestDisposition, HeaderId.AcceptEncoding, HeaderId.AcceptLanguage, HeaderId.ContentLanguage,
        HeaderId.InReplyTo, HeaderId.ServiceRoute, HeaderId.Geolocation, HeaderId.RecvInfo, HeaderId.PEarlyMedia);

    internal static bool IsList(HeaderId id) => Lists[(int)id];

    private static bool[] Build(params ReadOnlySpan<HeaderId> lists)
    {
        var table = new bool[HeaderNames.Count];
        foreach (var id in lists)
            table[(int)id] = true;
        return table;
    }
}
