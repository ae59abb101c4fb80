using EventCalls.Sip.Authentication;
using EventCalls.Sip.Messages;

namespace EventCalls.Sip.Extensions.DigestServer;

/// <summary>The credentials of a request (RFC 7616 §3.4). Quoted values keep their escapes, so that they are hashed as received.</summary>
internal sealed record DigestAnswer(string UserName, string Nonce, string Uri, string Response, DigestAlgorithm Algorithm, string? Qop, string Nc, string Cnonce)
{
    /// <summary>The request's Authorization of the realm; null when there is none that is whole.</summary>
    public static DigestAnswer? Of(SipMessage request, string realm)
    {
        for (int i = 0; i < request.HeaderCount; i++)
        {
            var field = request[i];
            if (field.Id == HeaderId.Authorization && Read(field.Value, realm) is { } answer)
                return answer;
        }
        return null;
    }

    private static DigestAnswer? Read(ReadOnlySpan<byte> value, string realm)
    {
        string? user = null, named = null, nonce = null, uri = null, response = null, qop = null, nc = null, cnonce = null;
        var algorithm = "";
        if (!DigestChallenge.TryScheme(value, out var rest))
            return null;
        while (DigestChallenge.TryTake(ref rest, out var name, out string text))
        {
            if (SipText.EqualsIgnoreCase(name, "username"u8))
                user ??= text;
            else if (SipText.EqualsIgnoreCase(name, "realm"u8))
                named ??= text;
            else if (SipText.EqualsIgnoreCase(name, "nonce"u8))
                nonce ??= text;
            else if (SipText.EqualsIgnoreCase(name, "uri"u8))
                uri ??= text;
            else if (SipText.EqualsIgnoreCase(name, "response"u8))
                response ??= text;
            else if (SipText.EqualsIgnoreCase(name, "qop"u8))
                qop ??= text;
            else if (SipText.EqualsIgnoreCase(name, "nc"u8))
                nc ??= text;
            else if (SipText.EqualsIgnoreCase(name, "cnonce"u8))
                cnonce ??= text;
            else if (SipText.EqualsIgnoreCase(name, "algorithm"u8))
                algorithm = text;
        }
        if (user is null || named != realm || nonce is null || uri is null || response is null || (qop is not null && (nc is null || cnonce is null)))
            return null;
        var hash = DigestAlgorithms.Of(algorithm, out bool isSession);
        // We offer no algorithm of sessions.
        return new DigestAnswer(user, nonce, uri, response, isSession ? DigestAlgorithm.Unsupported : hash, qop, nc ?? "", cnonce ?? "");
    }
}
