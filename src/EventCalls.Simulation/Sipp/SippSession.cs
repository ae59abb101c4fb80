namespace EventCalls.Simulation.Sipp;

/// <summary>A session description of SIPp's own, for a side whose description is not recorded.</summary>
internal static class SippSession
{
    /// <summary>Its lines.</summary>
    public static readonly IReadOnlyList<string> Lines =
    [
        "v=0", "o=sipp 53655765 1 IN IP[local_ip_type] [local_ip]", "s=-", "c=IN IP[media_ip_type] [media_ip]", "t=0 0",
        "m=audio [media_port] RTP/AVP 0 8 101", "a=rtpmap:0 PCMU/8000", "a=rtpmap:8 PCMA/8000", "a=rtpmap:101 telephone-event/8000", "a=fmtp:101 0-15", "a=sendrecv",
    ];
}
