using System.Text.Json;
using System.Text.Json.Serialization;

/// A profile that the SBC sends as JSON in a header.
public sealed class ProfileHeader : RoutingLogic
{
    private static readonly JsonSerializerOptions s_json = new(JsonSerializerDefaults.Web)
    {
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower) },
        AllowTrailingCommas = true,
    };

    private enum Tier { Standard, Gold, PlatinumPlus }

    private sealed record Profile(string Id, Tier Tier, [property: JsonPropertyName("lang")] string? Language, int[]? Skills);

    public override Decision Start(Conversation conv)
    {
        Profile? profile = null;
        try
        {
            profile = JsonSerializer.Deserialize<Profile>(conv.SipHeaders["X-Profile"] ?? "null", s_json);
        }
        catch (JsonException e)
        {
            conv.State["profile_error"] = e.GetType().Name;
        }

        return profile switch
        {
            { Tier: Tier.PlatinumPlus } => Handoff.Invite("4900", outboundEndpoint: "pstn"),
            { Skills: [var first, ..] } => Handoff.Invite($"43{first:00}", outboundEndpoint: "pstn"),
            _ => Handoff.Invite("4100", outboundEndpoint: "pstn"),
        };
    }
}
