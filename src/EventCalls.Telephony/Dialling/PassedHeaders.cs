using System.Text;
using EventCalls.Contracts;
using EventCalls.Sip.Messages;

namespace EventCalls.Telephony.Dialling;

/// <summary>Which headers of the caller's INVITE an endpoint is sent too: names, or what names begin with (<c>X-*</c>).</summary>
internal sealed class PassedHeaders
{
    private const int Most = 50;

    // What is written for each target by itself, or has a key of its own: a copy of the caller's would contradict it.
    private static readonly string[] s_ours = ["P-Asserted-Identity", "P-Preferred-Identity", "Privacy", "Remote-Party-ID", "Diversion", "History-Info", "Identity", "Reason"];

    private readonly HashSet<string> _names = new(StringComparer.OrdinalIgnoreCase);
    private readonly List<string> _beginnings = [];

    private PassedHeaders()
    {
    }

    /// <summary>None.</summary>
    public static PassedHeaders None { get; } = new();

    /// <summary>Reads the patterns; false with the first that cannot be used, and why.</summary>
    public static bool TryParse(IReadOnlyList<string> patterns, out PassedHeaders passed, out string? wrong, out string? whyNot)
    {
        passed = new PassedHeaders();
        wrong = whyNot = null;
        foreach (string pattern in patterns)
        {
            bool isBeginning = pattern.EndsWith('*');
            string name = isBeginning ? pattern[..^1] : pattern;
            if (!SipText.IsToken(name))
                whyNot = "expected the name of a header, or what names begin with and a *, such as X-*";
            else if (!isBeginning && (CustomHeaders.IsForbidden(name) || s_ours.Contains(name, StringComparer.OrdinalIgnoreCase)))
                whyNot = "the header is written by the protocol, or has a key of its own, and is never passed on";
            if (whyNot is not null)
            {
                wrong = pattern;
                return false;
            }
            if (isBeginning)
                passed._beginnings.Add(name);
            else
                passed._names.Add(name);
        }
        return true;
    }

    /// <summary>The headers that are passed on, in order, without those that are set already, and without secrets.</summary>
    /// <param name="received">The caller's.</param>
    /// <param name="set">What logic has set.</param>
    /// <param name="secrets">The names of headers that carry secrets of trunks.</param>
    public IEnumerable<HeaderLine> Of(IReadOnlyList<SipHeader> received, IReadOnlyList<SipHeader> set, IReadOnlyList<byte[]> secrets) =>
        _names.Count == 0 && _beginnings.Count == 0
            ? []
            : received.Where(h => Takes(h.Name)
                    && !secrets.Any(secret => SipText.EqualsIgnoreCase(Encoding.UTF8.GetBytes(h.Name), secret))
                    && !set.Any(s => s.Name.Equals(h.Name, StringComparison.OrdinalIgnoreCase))
                    && SipText.IsSafeHeaderValue(h.Value))
                .Take(Most).Select(h => new HeaderLine(h.Name, h.Value));

    private bool Takes(string name) =>
        (_names.Contains(name) || _beginnings.Exists(b => name.StartsWith(b, StringComparison.OrdinalIgnoreCase)))
        && SipText.IsToken(name) && !CustomHeaders.IsForbidden(name) && !s_ours.Contains(name, StringComparer.OrdinalIgnoreCase);
}
