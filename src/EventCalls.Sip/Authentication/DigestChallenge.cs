using EventCalls.Sip.Messages;

namespace EventCalls.Sip.Authentication;

/// <summary>One challenge of a 401 or 407 (RFC 7616 §3.3). Quoted values keep their escapes, so that they are hashed and sent back as received.</summary>
internal sealed record DigestChallenge(
    DigestAlgorithm Algorithm, string AlgorithmName, bool IsSession, string Realm, string Nonce, string? Opaque, bool HasQop, bool OffersAuth, bool OffersAuthInt, bool IsStale)
{
    private const int SchemeLength = 6;

    /// <summary>Reads a challenge; null when it is not a digest one, or is incomplete.</summary>
    internal static DigestChallenge? Read(ReadOnlySpan<byte> value)
    {
        if (!TryScheme(value, out var rest))
            return null;
        string? realm = null, nonce = null, opaque = null, qop = null;
        var algorithmName = "";
        var isStale = false;
        while (TryTake(ref rest, out var name, out var text))
        {
            if (SipText.EqualsIgnoreCase(name, "realm"u8))
                realm ??= text;
            else if (SipText.EqualsIgnoreCase(name, "nonce"u8))
                nonce ??= text;
            else if (SipText.EqualsIgnoreCase(name, "opaque"u8))
                opaque ??= text;
            else if (SipText.EqualsIgnoreCase(name, "qop"u8))
                qop ??= text;
            else if (SipText.EqualsIgnoreCase(name, "stale"u8))
                isStale = text.Equals("true", StringComparison.OrdinalIgnoreCase);
            else if (SipText.EqualsIgnoreCase(name, "algorithm"u8))
                algorithmName = text;
        }
        // What is given back in a header must be able to stand in one.
        if (realm is null || nonce is null || !IsSafe(realm, nonce, opaque ?? "", algorithmName))
            return null;
        var algorithm = DigestAlgorithms.Of(algorithmName, out var isSession);
        string[] qops = qop?.Split(',', StringSplitOptions.TrimEntries) ?? [];
        return new DigestChallenge(
            algorithm, algorithmName, isSession, realm, nonce, opaque, qop is not null,
            qops.Contains("auth", StringComparer.OrdinalIgnoreCase), qops.Contains("auth-int", StringComparer.OrdinalIgnoreCase), isStale);
    }

    /// <summary>Whether a value is of the digest scheme, and its parameters.</summary>
    internal static bool TryScheme(ReadOnlySpan<byte> value, out ReadOnlySpan<byte> parameters)
    {
        bool isDigest = value.Length > SchemeLength && SipText.EqualsIgnoreCase(value[..SchemeLength], "Digest"u8) && SipText.IsSpace(value[SchemeLength]);
        parameters = isDigest ? value[(SchemeLength + 1)..] : default;
        return isDigest;
    }

    /// <summary>Takes the next parameter that has a value.</summary>
    internal static bool TryTake(scoped ref ReadOnlySpan<byte> rest, out ReadOnlySpan<byte> name, out string text)
    {
        while (!rest.IsEmpty)
        {
            var parameter = TakeParameter(ref rest);
            var equals = parameter.IndexOf((byte)'=');
            if (equals <= 0)
                continue;
            name = SipText.TrimEnd(parameter[..equals]);
            text = SipText.Unfold(ParameterText.Unquote(SipText.TrimStart(parameter[(equals + 1)..])));
            return true;
        }
        name = default;
        text = "";
        return false;
    }

    private static bool IsSafe(params ReadOnlySpan<string> values)
    {
        foreach (var value in values)
        {
            if (!SipText.IsSafeHeaderValue(value))
                return false;
        }
        return true;
    }

    private static ReadOnlySpan<byte> TakeParameter(scoped ref ReadOnlySpan<byte> rest)
    {
        for (var i = 0; i < rest.Length; i++)
        {
            if (rest[i] == (byte)'"')
            {
                i = SipText.EndOfQuoted(rest, i) - 1;
                if (i < 0)
                    break;
            }
            else if (rest[i] == (byte)',')
            {
                var parameter = SipText.Trim(rest[..i]);
                rest = rest[(i + 1)..];
                return parameter;
            }
        }
        var last = SipText.Trim(rest);
        rest = default;
        return last;
    }
}
