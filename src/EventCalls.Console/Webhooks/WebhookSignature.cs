using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace EventCalls.Console.Webhooks;

/// <summary>Signs what is sent: HMAC-SHA256 over id, time and body, as Standard Webhooks have it.</summary>
internal static class WebhookSignature
{
    public const string Id = "webhook-id";
    public const string Timestamp = "webhook-timestamp";
    public const string Signature = "webhook-signature";

    /// <summary>The three headers of a request.</summary>
    public static void Sign(HttpRequestMessage request, byte[] key, Guid id, DateTimeOffset now, ReadOnlySpan<byte> body)
    {
        string name = id.ToString("D");
        string seconds = now.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        request.Headers.Add(Id, name);
        request.Headers.Add(Timestamp, seconds);
        request.Headers.TryAddWithoutValidation(Signature, $"v1,{Convert.ToBase64String(HMACSHA256.HashData(key, (byte[])[.. Encoding.ASCII.GetBytes($"{name}.{seconds}."), .. body]))}");
    }
}
