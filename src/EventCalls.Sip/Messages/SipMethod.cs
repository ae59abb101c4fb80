namespace EventCalls.Sip.Messages;

/// <summary>The SIP methods this stack knows by name; every other token is <see cref="Other"/>.</summary>
public enum SipMethod : byte
{
    Other,
    Invite,
    Ack,
    Bye,
    Cancel,
    Options,
    Refer,
    Notify,
    Subscribe,
    Info,
    Update,
    Prack,
    Message,
    Register,
    Publish,
}
