using System.Globalization;
using System.Text;
using System.Xml;

namespace EventCalls.Telephony.Calls;

/// <summary>Who talks in a call that is sent to a recorder, and in which stream: what the recorder is told of it (RFC 7865).</summary>
internal sealed class SiprecMetadata(Guid session, DateTimeOffset startedAt, string sipCallId)
{
    private const string Namespace = "urn:ietf:params:xml:ns:recording:1";

    private readonly List<Participant> _participants = [];
    private readonly string[] _streams = [Text(Guid.NewGuid()), Text(Guid.NewGuid())];

    /// <summary>By what the recorder knows the session.</summary>
    public string SessionId { get; } = Text(session);

    /// <summary>Says who is in a stream from now on; whoever was there before has left.</summary>
    /// <param name="stream">0 for the caller's, 1 for the target's.</param>
    /// <param name="aor">Their address.</param>
    /// <param name="name">Their name; null for none.</param>
    /// <param name="now">Since when, UTC.</param>
    public void Join(int stream, string aor, string? name, DateTimeOffset now)
    {
        if (_participants.Find(p => p.Stream == stream && p.LeftAt is null) is { } present)
        {
            if (present.Aor == Clean(aor))
                return;
            present.LeftAt = now;
        }
        _participants.Add(new Participant(Text(Guid.NewGuid()), stream, Clean(aor), name is null ? null : Clean(name), now));
    }

    /// <summary>The whole of it, as XML.</summary>
    public byte[] Write()
    {
        using var bytes = new MemoryStream();
        using (var xml = XmlWriter.Create(bytes, new XmlWriterSettings { Encoding = new UTF8Encoding(false), Indent = true }))
        {
            xml.WriteStartElement("recording", Namespace);
            xml.WriteElementString("datamode", Namespace, "complete");
            Element(xml, "session", [("session_id", SessionId)], () =>
            {
                xml.WriteElementString("sipSessionID", Namespace, Clean(sipCallId));
                xml.WriteElementString("start-time", Namespace, Time(startedAt));
            });
            foreach (var p in _participants)
            {
                Element(xml, "participant", [("participant_id", p.Id)], () => Element(xml, "nameID", [("aor", p.Aor)], () =>
                {
                    if (p.Name is not { } name)
                        return;
                    xml.WriteElementString("name", Namespace, name);
                }));
            }
            for (int i = 0; i < _streams.Length; i++)
            {
                string label = Label(i);
                Element(xml, "stream", [("stream_id", _streams[i]), ("session_id", SessionId)], () => xml.WriteElementString("label", Namespace, label));
            }
            foreach (var p in _participants)
                Element(xml, "participantsessionassoc", [("participant_id", p.Id), ("session_id", SessionId)], () => Times(xml, p));
            foreach (var p in _participants)
            {
                Element(xml, "participantstreamassoc", [("participant_id", p.Id)], () =>
                {
                    xml.WriteElementString("send", Namespace, _streams[p.Stream]);
                    xml.WriteElementString("recv", Namespace, _streams[1 - p.Stream]);
                    Times(xml, p);
                });
            }
            xml.WriteEndElement();
        }
        return bytes.ToArray();
    }

    /// <summary>The label of a stream, which its m-line has too (RFC 4574).</summary>
    public static string Label(int stream) => (stream + 1).ToString(CultureInfo.InvariantCulture);

    private static void Times(XmlWriter xml, Participant p)
    {
        xml.WriteElementString("associate-time", Namespace, Time(p.JoinedAt));
        if (p.LeftAt is { } left)
            xml.WriteElementString("disassociate-time", Namespace, Time(left));
    }

    private static void Element(XmlWriter xml, string name, (string Name, string Value)[] attributes, Action content)
    {
        xml.WriteStartElement(name, Namespace);
        foreach (var (attribute, value) in attributes)
            xml.WriteAttributeString(attribute, value);
        content();
        xml.WriteEndElement();
    }

    // What no XML can hold would keep the rest from being told, too.
    private static string Clean(string text) => string.Create(text.Length, text, static (target, source) =>
    {
        for (int i = 0; i < source.Length; i++)
        {
            bool isPair = i + 1 < source.Length && char.IsSurrogatePair(source[i], source[i + 1]);
            target[i] = isPair || XmlConvert.IsXmlChar(source[i]) ? source[i] : '?';
            if (!isPair)
                continue;
            i++;
            target[i] = source[i];
        }
    });

    // RFC 7865 §6.10: an id is the base64 of a UUID.
    private static string Text(Guid id) => Convert.ToBase64String(id.ToByteArray(bigEndian: true));

    private static string Time(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);

    private sealed class Participant(string id, int stream, string aor, string? name, DateTimeOffset joinedAt)
    {
        public string Id { get; } = id;

        public int Stream { get; } = stream;

        public string Aor { get; } = aor;

        public string? Name { get; } = name;

        public DateTimeOffset JoinedAt { get; } = joinedAt;

        public DateTimeOffset? LeftAt { get; set; }
    }
}
