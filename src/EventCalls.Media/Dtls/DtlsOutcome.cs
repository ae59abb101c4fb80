namespace EventCalls.Media.Dtls;

/// <summary>How a handshake went: with keys and what stays open, or with a fault.</summary>
internal readonly record struct DtlsOutcome(DtlsKeys? Keys, IDtlsAssociation? Association, DtlsFault Fault, string Detail);
