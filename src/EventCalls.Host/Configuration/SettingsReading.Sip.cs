using EventCalls.Contracts;
using EventCalls.Media.Sessions;
using EventCalls.Sip.Dialogs;
using EventCalls.Sip.Extensions.Reliable;
using EventCalls.Telephony.Configuration;

namespace EventCalls.Host.Configuration;

/// <content>The keys of SIP: trunks, and how the node meets its peers.</content>
internal static partial class SettingsReading
{
    private static List<TrunkOptions> Trunks(KeyReader keys)
    {
        var names = keys.Names("Trunks");
        if (names.Count == 0)
        {
            // Nothing configured: calls from this machine come in, and a phone or SIPp on port 5080 can be called.
            return
            [
                new TrunkOptions { Name = "carrier", From = ["127.0.0.0/8"] },
                new TrunkOptions { Name = "pstn", To = ["sip:127.0.0.1:5080;transport=udp"] },
            ];
        }
        return [.. names.Select(name => Trunk(keys, name))];
    }

    private static TrunkOptions Trunk(KeyReader keys, string name)
    {
        var trunk = keys.For(new TrunkOptions { Name = name });
        return new TrunkOptions
        {
            Name = name,
            From = trunk.List($"Trunks:{name}:From", o => o.From, "a list of addresses, networks such as `192.0.2.0/24`, and host names"),
            To = trunk.List($"Trunks:{name}:To", o => o.To, "a list of SIP URIs such as `sip:192.0.2.1:5060;transport=udp`, with `;priority=10;weight=60` behind them or without"),
            Targets = trunk.List($"Trunks:{name}:Targets", o => o.Targets, "a list of `tel:+49`, `!tel:+4990`, hosts, `*.example.com`, addresses and networks"),
            HealthSeconds = trunk.Int($"Trunks:{name}:HealthSeconds", o => o.HealthSeconds, 0, 3_600),
            UserName = trunk.Text($"Trunks:{name}:UserName", o => o.UserName, "a text"),
            Password = trunk.Secret($"Trunks:{name}:Password", o => o.Password),
            Register = Register(keys, name),
            Digest = Digest(keys, name),
            TokenHeader = trunk.Text($"Trunks:{name}:TokenHeader", o => o.TokenHeader, "the name of a header, such as `X-Trunk-Token`"),
            Token = trunk.Secret($"Trunks:{name}:Token", o => o.Token),
            TlsNames = trunk.List($"Trunks:{name}:TlsNames", o => o.TlsNames, "a list of hosts and `*.example.com`"),
            MaxCallsPerSecond = trunk.Int($"Trunks:{name}:MaxCallsPerSecond", o => o.MaxCallsPerSecond, 0, 100_000),
            MaxCalls = trunk.Int($"Trunks:{name}:MaxCalls", o => o.MaxCalls, 0, 10_000_000),
            Refer = trunk.Word($"Trunks:{name}:Refer", o => o.Refer, ("carry_out", ReferPolicy.CarryOut), ("pass", ReferPolicy.Pass), ("refuse", ReferPolicy.Refuse)),
            ReferEndpoint = trunk.Text($"Trunks:{name}:ReferEndpoint", o => o.ReferEndpoint, "the name of a trunk"),
            SessionTimer = trunk.IntOrOff($"Trunks:{name}:SessionTimer", o => o.SessionTimer, 90, 86_400, "we do what it asks for"),
            Reliable = trunk.Word($"Trunks:{name}:Reliable", o => o.Reliable, ("when-required", ReliableUse.WhenRequired), ("off", ReliableUse.Off), ("supported", ReliableUse.Supported), ("required", ReliableUse.Required)),
            Media = trunk.Word($"Trunks:{name}:Media", o => o.Media, ("direct", MediaMode.Direct), ("anchor", MediaMode.Anchor), ("rtpengine", MediaMode.Rtpengine)),
            Srtp = trunk.Word($"Trunks:{name}:Srtp", o => o.Srtp, ("off", MediaProtection.None), ("sdes", MediaProtection.Sdes), ("dtls", MediaProtection.Dtls)),
            Transcode = trunk.Bool($"Trunks:{name}:Transcode", o => o.Transcode),
            Record = trunk.Bool($"Trunks:{name}:Record", o => o.Record),
            FollowRedirects = trunk.Int($"Trunks:{name}:FollowRedirects", o => o.FollowRedirects, 0, 10),
            Diversion = trunk.Word($"Trunks:{name}:Diversion", o => o.Diversion, ("none", DiversionIn.None), ("diversion", DiversionIn.Diversion), ("history-info", DiversionIn.HistoryInfo)),
            PassesIdentity = trunk.Word($"Trunks:{name}:Identity", o => o.PassesIdentity, ("none", false), ("pass", true)),
            PassHeaders = trunk.List($"Trunks:{name}:PassHeaders", o => o.PassHeaders, "a list of header names and beginnings such as `X-*`"),
            RequiresIdentity = trunk.Word($"Trunks:{name}:CheckedIdentity", o => o.RequiresIdentity, ("pass", false), ("require", true)),
            LargeByTcp = trunk.Word($"Trunks:{name}:LargeRequests", o => o.LargeByTcp, ("tcp", true), ("udp", false)),
            Nat = trunk.Word($"Trunks:{name}:Nat", o => o.Nat, ("auto", NatUse.Auto), ("on", NatUse.On), ("off", NatUse.Off)),
            CallerIdIn = trunk.Word($"Trunks:{name}:CallerIdIn", o => o.CallerIdIn, ("both", CallerIdIn.Both), ("from", CallerIdIn.From), ("p-asserted-identity", CallerIdIn.PAssertedIdentity)),
        };
    }

    private static RegisterOptions Register(KeyReader keys, string name)
    {
        var register = keys.For(new RegisterOptions());
        return new RegisterOptions
        {
            AddressOfRecord = register.Text($"Trunks:{name}:Register:AddressOfRecord", o => o.AddressOfRecord, "a SIP URI with a user") ?? "",
            Registrar = register.Text($"Trunks:{name}:Register:Registrar", o => o.Registrar, "a SIP URI such as `sip:registrar.example.com;transport=tcp`", "the first of `To`"),
            UserName = register.Text($"Trunks:{name}:Register:UserName", o => o.UserName, "a text", "`UserName` of the trunk"),
            Password = register.Secret($"Trunks:{name}:Register:Password", o => o.Password),
            ExpiresSeconds = register.Int($"Trunks:{name}:Register:ExpiresSeconds", o => o.ExpiresSeconds, 10, 604_800),
        };
    }

    private static DigestOptions Digest(KeyReader keys, string name)
    {
        var digest = keys.For(new DigestOptions());
        return new DigestOptions
        {
            Realm = digest.Text($"Trunks:{name}:Digest:Realm", o => o.Realm, "a text") ?? "",
            Users = keys.Names($"Trunks:{name}:Digest:Users").ToDictionary(u => u, u => digest.TextFor($"Trunks:{name}:Digest:Users:{u}", o => o.Users, "a password, or `{MD5}…` or `{SHA-256}…`") ?? "", StringComparer.Ordinal),
            Algorithms = digest.List($"Trunks:{name}:Digest:Algorithms", o => o.Algorithms, "a list of `SHA-256` and `MD5`"),
        };
    }

    private static TelephonyOptions Telephony(KeyReader keys, string node, IReadOnlyList<TrunkOptions> trunks, string folder)
    {
        var sip = keys.For(s_defaults.Telephony);
        return new TelephonyOptions
        {
            Node = node,
            Trunks = trunks,
            Listen = sip.List("Sip:Listen", o => o.Listen, "a list of `udp:`, `tcp:`, `tls:`, `ws:` and `wss:ADDRESS:PORT`, with ` advertise HOST:PORT` behind where peers are told another"),
            WebSocketOrigins = sip.List("Sip:WebSocketOrigins", o => o.WebSocketOrigins, "a list of origins such as `https://phone.example.com`"),
            NameServers = sip.List("Sip:NameServers", o => o.NameServers, "a list of addresses such as `192.0.2.53` or `192.0.2.53:5353`"),
            AdvertisedHost = sip.Text("Sip:AdvertisedHost", o => o.AdvertisedHost, "an address or a host name"),
            Tcp = Tcp(keys),
            Tls = Tls(keys, folder),
            Identity = Identity(keys, folder),
            AnswersStrangers = sip.Word("Sip:Strangers", o => o.AnswersStrangers, ("refuse", true), ("ignore", false)),
            Abuse = Abuse(keys),
            Media = Media(keys, folder),
            Hep = new HepOptions
            {
                Target = sip.Text("Hep:Target", o => o.Hep.Target, "`udp:ADDRESS:PORT`, such as `udp:127.0.0.1:9060`", "none: nothing is copied"),
                AgentId = sip.Long("Hep:AgentId", o => o.Hep.AgentId, 0, uint.MaxValue),
                Password = sip.Secret("Hep:Password", o => o.Hep.Password),
            },
            Shards = sip.Int("Sip:Shards", o => o.Shards, 1, 64),
            Answer = sip.Word("Calls:Answer", o => o.Answer, ("on-handoff", AnswerMode.OnHandoff), ("immediately", AnswerMode.Immediately)),
            PendingRing = sip.Word("Calls:PendingRing", o => o.PendingRing, ("none", PendingRing.None), ("ringing", PendingRing.Ringing), ("progress", PendingRing.Progress)),
            RingTimeoutSeconds = sip.Int("Calls:RingTimeoutSeconds", o => o.RingTimeoutSeconds, 1, 600),
            NoResponseTimeoutMs = sip.Int("Calls:NoResponseTimeoutMs", o => o.NoResponseTimeoutMs, 100, 600_000),
            NotifyTimeoutSeconds = sip.Int("Calls:NotifyTimeoutSeconds", o => o.NotifyTimeoutSeconds, 1, 600),
            ReferHangUpMs = sip.Int("Calls:ReferHangUpMs", o => o.ReferHangUpMs, 0, 600_000),
            NotifyGraceMs = sip.Int("Calls:NotifyGraceMs", o => o.NotifyGraceMs, 0, 600_000),
            ConfirmTimeoutMs = sip.Int("Calls:ConfirmTimeoutMs", o => o.ConfirmTimeoutMs, 1, 600_000),
            MaxCalls = sip.Int("Calls:Max", o => o.MaxCalls, 1, 10_000_000),
            MaxBacklog = sip.Int("Calls:MaxBacklog", o => o.MaxBacklog, 1, 10_000_000),
            MaxHandoffs = sip.Int("Calls:MaxHandoffs", o => o.MaxHandoffs, 1, 100),
            RetryAfterSeconds = sip.Int("Calls:RetryAfterSeconds", o => o.RetryAfterSeconds, 1, 3_600),
            HeartbeatSeconds = sip.Int("Calls:HeartbeatSeconds", o => o.HeartbeatSeconds, 1, 600),
            SessionPingSeconds = sip.IntOrNever("Calls:SessionPingSeconds", o => o.SessionPingSeconds, 86_400),
            Targets = sip.List("Routing:Targets", o => o.Targets, "a list of hosts, `*.example.com`, addresses and networks, or `*`, and of `tel:+49` and `!tel:+4990`"),
            ReferTargets = sip.List("Routing:ReferTargets", o => o.ReferTargets!, "a list as for `Routing:Targets`") is { Count: > 0 } named ? named : null,
        };
    }

    private static MediaOptions Media(KeyReader keys, string folder)
    {
        var media = keys.For(s_defaults.Telephony.Media);
        return new MediaOptions
        {
            Mode = media.Word("Media:Mode", o => o.Mode, ("direct", MediaMode.Direct), ("anchor", MediaMode.Anchor), ("rtpengine", MediaMode.Rtpengine)),
            Rtpengine = media.List("Media:Rtpengine", o => o.Rtpengine, "a list of `udp://ADDRESS:PORT`, such as `udp://127.0.0.1:2223`"),
            RtpengineDigits = media.Bool("Media:RtpengineDigits", o => o.RtpengineDigits),
            Ports = media.Text("Media:Ports", o => o.Ports, "the first and the last port, such as `20000-29999`") ?? "",
            HoldMusic = media.Text("Media:HoldMusic", o => o.HoldMusic, "a WAV file", "what rings in `Media:Country`") is { } music ? Path.GetFullPath(music, folder) : null,
            Country = media.Text("Media:Country", o => o.Country, "two letters such as `de`") ?? "",
            Transcode = media.Bool("Media:Transcode", o => o.Transcode),
            OpusLibrary = media.Text("Media:OpusLibrary", o => o.OpusLibrary, "the name or path of a libopus, such as `libopus.so.0`", "the program's own code"),
            Prompts = media.Text("Media:Prompts", o => o.Prompts, "a folder", "no prompts") is { } prompts ? Path.GetFullPath(prompts, folder) : null,
            Recordings = Path.GetFullPath(media.Text("Media:Recordings", o => o.Recordings, "a folder") ?? "", folder),
            RecordingPath = media.Text("Media:RecordingPath", o => o.RecordingPath, "a path with `{call}` in it") ?? "",
            RecordingFormat = media.Word("Media:RecordingFormat", o => o.RecordingFormat, ("wav", RecordingFormat.Wav), ("opus", RecordingFormat.Opus)),
            RecordingKey = media.Secret("Media:RecordingKey", o => o.RecordingKey, "32 bytes in base64"),
            Siprec = media.List("Media:Siprec", o => o.Siprec, "a list of SIP URIs of recorders, such as `sip:srs@recorder.example.com`"),
            RecordingAnnouncement = media.Text("Media:RecordingAnnouncement", o => o.RecordingAnnouncement, "a WAV file", "nothing") is { } announcement ? Path.GetFullPath(announcement, folder) : null,
            KeepRecordingsDays = media.Int("Media:KeepRecordingsDays", o => o.KeepRecordingsDays, 0, 36_500),
            SilenceSeconds = media.Int("Media:SilenceSeconds", o => o.SilenceSeconds, 0, 86_400),
        };
    }

    private static TcpOptions Tcp(KeyReader keys)
    {
        var tcp = keys.For(s_defaults.Telephony.Tcp);
        return new TcpOptions
        {
            MaxConnections = tcp.Int("Sip:Tcp:MaxConnections", o => o.MaxConnections, 1, 4_096),
            MaxConnectionsPerSource = tcp.Int("Sip:Tcp:MaxConnectionsPerSource", o => o.MaxConnectionsPerSource, 1, 4_096),
            MaxOutbound = tcp.Int("Sip:Tcp:MaxOutbound", o => o.MaxOutbound, 1, 4_096),
            IdleSeconds = tcp.Int("Sip:Tcp:IdleSeconds", o => o.IdleSeconds, 10, 86_400),
            FirstMessageSeconds = tcp.Int("Sip:Tcp:FirstMessageSeconds", o => o.FirstMessageSeconds, 1, 600),
            MessageSeconds = tcp.Int("Sip:Tcp:MessageSeconds", o => o.MessageSeconds, 1, 600),
        };
    }

    private static AbuseOptions Abuse(KeyReader keys)
    {
        var abuse = keys.For(s_defaults.Telephony.Abuse);
        return new AbuseOptions
        {
            StrangersPerSecond = abuse.Int("Sip:Abuse:StrangersPerSecond", o => o.StrangersPerSecond, 0, 10_000),
            Scanners = abuse.List("Sip:Abuse:Scanners", o => o.Scanners, "a list of texts"),
            BanAfter = abuse.Int("Sip:Abuse:BanAfter", o => o.BanAfter, 0, 10_000),
            BanWithinSeconds = abuse.Int("Sip:Abuse:BanWithinSeconds", o => o.BanWithinSeconds, 1, 86_400),
            BanSeconds = abuse.Int("Sip:Abuse:BanSeconds", o => o.BanSeconds, 1, 604_800),
        };
    }

    private static IdentityOptions Identity(KeyReader keys, string folder)
    {
        var identity = keys.For(s_defaults.Telephony.Identity);
        return new IdentityOptions
        {
            Certificates = PathIn(folder, identity.Text("Sip:Identity:Certificates", o => o.Certificates, "a folder")),
            Authorities = PathIn(folder, identity.Text("Sip:Identity:Authorities", o => o.Authorities, "a PEM file")),
            FreshSeconds = identity.Int("Sip:Identity:FreshSeconds", o => o.FreshSeconds, 1, 86_400),
        };
    }

    private static string? PathIn(string folder, string? file) => file is null ? null : Path.GetFullPath(file, folder);

    private static TlsOptions Tls(KeyReader keys, string folder)
    {
        var tls = keys.For(s_defaults.Telephony.Tls);
        return new TlsOptions
        {
            Certificate = PathIn(folder, tls.Text("Sip:Tls:Certificate", o => o.Certificate, "a PEM or PKCS#12 file")),
            Key = PathIn(folder, tls.Text("Sip:Tls:Key", o => o.Key, "a PEM file")),
            Password = tls.Secret("Sip:Tls:Password", o => o.Password),
            Authorities = PathIn(folder, tls.Text("Sip:Tls:Authorities", o => o.Authorities, "a PEM file")),
        };
    }
}
