using System.Text;
using System.Text.Json;

/// The attestation of a PASSporT (RFC 8225), as the carrier verified it.
public sealed class StirVerdict : RoutingLogic
{
    private enum Attestation { None, A, B, C }

    private static Attestation Of(string? identity)
    {
        if (identity is null || identity.Split(';')[0].Split('.') is not [_, var claims, _])
            return Attestation.None;
        string padded = claims.Replace('-', '+').Replace('_', '/').PadRight((claims.Length + 3) / 4 * 4, '=');
        using var json = JsonDocument.Parse(Encoding.UTF8.GetString(Convert.FromBase64String(padded)));
        return json.RootElement.TryGetProperty("attest", out var attest) && Enum.TryParse<Attestation>(attest.GetString(), out var level) ? level : Attestation.None;
    }

    public override Decision Start(Conversation conv)
    {
        var level = Of(conv.SipHeaders["Identity"]);
        conv.State["attestation"] = level.ToString();
        return level switch
        {
            Attestation.A or Attestation.B => Handoff.Invite("4100", outboundEndpoint: "pstn"),
            Attestation.C => Handoff.Invite("4666", outboundEndpoint: "pstn"),
            _ => conv.Trunk == "internal" ? Handoff.Invite("4100", outboundEndpoint: "pstn") : Handoff.Reject(428),
        };
    }
}
