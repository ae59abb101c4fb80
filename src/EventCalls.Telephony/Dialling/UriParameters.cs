using EventCalls.Sip.Messages;

namespace EventCalls.Telephony.Dialling;

/// <summary>The parameters of a URI that others will read: each once and by its plain name, so that all read the same (RFC 3261 §19.1.1, §19.1.4).</summary>
internal static class UriParameters
{
    /// <summary>What is wrong with them; null when they can be sent, or there are none.</summary>
    public static string? WhyNot(ReadOnlySpan<byte> parameters)
    {
        HashSet<string>? names = null;
        foreach (var part in parameters.Split((byte)';'))
        {
            var parameter = parameters[part];
            if (parameter.IsEmpty)
                continue;
            int equals = parameter.IndexOf((byte)'=');
            string name = SipText.Get(equals < 0 ? parameter : parameter[..equals]);
            // An escaped letter is the letter: '%6dethod' is 'method' to one reader, and unknown to another.
            if (name.Contains('%', StringComparison.Ordinal))
                return $"the URI's parameter '{CustomHeaders.Shown(name)}' has an escape in its name; write '{CustomHeaders.Shown(Uri.UnescapeDataString(name))}'";
            if (!(names ??= new HashSet<string>(StringComparer.OrdinalIgnoreCase)).Add(name))
                return $"the URI has the parameter '{CustomHeaders.Shown(name)}' twice, and readers differ in which one counts";
        }
        return null;
    }
}
