namespace EventCalls.Host.Tests.Commands;

/// <summary>How ladders look.</summary>
internal static class Ladders
{
    public const string ReferredThenBridged =
        """
        Call          0199c3d2-7a1b-7000-8000-000000000001
        SIP Call-ID   a84b4c76e66710-1@192.0.2.1
        From          +15551234567
        To            +15557654321
        Started       2026-11-22T13:48:44.123Z on trunk carrier, node edge-1
        Flow          vip_support, logic 3f2a91c04be7
        Handoff       invite sip:+12222222@192.0.2.7:5060
        Outcome       answered, 2 attempts
        Ended         2026-11-22T13:49:19.341Z by caller, hung_up

         # seconds caller      EventCalls       target  what happened
         1   0.000 │── INVITE ─────>│                │  call on trunk carrier from 192.0.2.1:5060 (udp)
                   │                │                │    to sip:+15557654321@198.51.100.5
         2   0.004 │                ●                │  flow vip_support
                   │                │                │    decided by SupportLine.VipSupport
                   │                │                │      (SupportLine.cs:16) in 0.4 ms
                   │                │                │    logic 3f2a91c04be7
                   │                │                │    state: branch = North Branch
                   │                │                │    looked up branches[+15557654321]: North Branch
         3   0.004 │                ●                │  handoff by the router
                   │                │                │    refer sip:support@example.com
                   │                │                │    else invite +12222222 via pstn as +15551234567
         4   0.006 │                ●                │  attempt 1: refer sip:support@example.com
         5   0.006 │<─ 200 OK ──────│                │  the caller is answered
                   │<─ REFER ───────│                │    and asked to take the call over
         6   0.036 │── 403 ────────>│                │  transfer failed, not_allowed: 403 Forbidden
                   │                │                │    Reason: Q.850;cause=21
                   │                │                │    the next step is tried
         7   0.038 │                │── INVITE ─────>│  attempt 2: invite sip:+12222222@192.0.2.7:5060 via
                   │                │                │    pstn
                   │                │                │    X-Customer-ID: 42
         8   0.218 │                │<─ 180 Ringing ─│  180 Ringing
         9   4.218 │                │<─ 200 OK ──────│  the target answered
        10   4.218 │                ●                │  transfer answered: 200 OK
                   │                │                │    by sip:agent7@192.0.2.7:5060
                   │                │                │    post-dial delay 0.182 s
        11  35.218 │── BYE ────────>│── BYE ────────>│  ended by the caller: hung_up
                   │                │                │    after 35.218 s, answered for 35.212 s
                   │                │                │    Reason: Q.850;cause=16

        """;

    public const string RefusedIn80Columns =
        """
        Call          0199c3d2-7a1b-7000-8000-000000000003
        SIP Call-ID   a84b4c76e66710-3@192.0.2.1
        From          withheld
        To            +15550009999
        Started       2026-11-22T13:50:44.123Z on trunk backup, node edge-1
        Flow          default, logic 3f2a91c04be7
        Handoff       reject
        Outcome       accepted, 1 attempt
        Ended         2026-11-22T13:50:44.128Z by system, rejected

         # seconds caller      EventCalls       target  what happened
         1   0.000 │── INVITE ─────>│                │  call on trunk backup from
                   │                │                │    192.0.2.1:5060 (udp)
                   │                │                │    to sip:+15550009999@
                   │                │                │      198.51.100.5
         2   0.003 │                ●                │  routing failed, logic_threw
                   │                │                │    NullReferenceException in
                   │                │                │      SupportLine.cs:12
                   │                │                │    default taken: reject 480
                   │                │                │    logic 3f2a91c04be7
         3   0.003 │                ●                │  flow default
                   │                │                │    decided by default in 0.0 ms
                   │                │                │    logic 3f2a91c04be7
         4   0.003 │                ●                │  handoff by default
                   │                │                │    reject 480
         5   0.005 │                ●                │  attempt 1: reject
         6   0.005 │                ●                │  transfer accepted: sent, 480
         7   0.005 │<─ 480 ─────────│                │  ended by us: rejected
                   │                │                │    after 0.005 s, not answered
                   │                │                │    the caller got 480

        """;
}
