namespace EventCalls.Sip.Sdp;

/// <summary>Which way media flows, seen from whoever wrote the description (RFC 8866 §6.7).</summary>
public enum SdpDirection : byte
{
    SendRecv,
    SendOnly,
    RecvOnly,
    Inactive,
}
