using System.Security.Cryptography;
using System.Text;

/// A token that the web site signs for click-to-call; the key comes from a table.
public sealed class SignedToken : RoutingLogic
{
    private static bool IsGenuine(string token, byte[] key, DateTimeOffset now, out string number)
    {
        number = "";
        if (token.Split('.') is not [var body, var until, var signature] || !long.TryParse(until, out long seconds))
            return false;
        byte[] expected = HMACSHA256.HashData(key, Encoding.ASCII.GetBytes($"{body}.{until}"));
        if (!CryptographicOperations.FixedTimeEquals(expected, Convert.FromHexString(signature)))
            return false;
        number = Encoding.UTF8.GetString(Convert.FromBase64String(body));
        return DateTimeOffset.FromUnixTimeSeconds(seconds) > now;
    }

    public override Decision Start(Conversation conv)
    {
        byte[] key = Encoding.UTF8.GetBytes(conv.Lookup("secrets", "click_to_call") ?? "");
        try
        {
            return conv.SipHeaders["X-Token"] is { } token && IsGenuine(token, key, conv.Now, out string number)
                ? Handoff.Invite(number, outboundEndpoint: "pstn")
                : Handoff.Reject(403);
        }
        catch (FormatException)
        {
            return Handoff.Reject(400);
        }
    }
}
