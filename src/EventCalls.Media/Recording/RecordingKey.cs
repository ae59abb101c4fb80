using System.Security.Cryptography;

namespace EventCalls.Media.Recording;

/// <summary>A configured key: 32 bytes that wrap the key of each file. What reads recordings may have several, the first one writes.</summary>
internal sealed class RecordingKey
{
    /// <summary>How long a key is, bytes.</summary>
    public const int Length = 32;

    /// <summary>How long an id is, bytes.</summary>
    public const int IdLength = 8;

    private readonly byte[] _key;
    private readonly byte[] _id;

    /// <summary>Takes 32 bytes.</summary>
    public RecordingKey(ReadOnlySpan<byte> key)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(key.Length, Length, nameof(key));
        _key = key.ToArray();
        // Tells keys apart in a file's header, and nothing of the key itself.
        _id = HKDF.DeriveKey(HashAlgorithmName.SHA256, _key, IdLength, info: "EventCalls recording key id"u8.ToArray());
    }

    /// <summary>Which key it is.</summary>
    public ReadOnlySpan<byte> Id => _id;

    /// <summary>Reads a key in base64; null and an error that says what to do when it is none.</summary>
    public static RecordingKey? TryParse(string text, out string? error)
    {
        var bytes = new byte[Length];
        bool whole = Convert.TryFromBase64String(text.Trim(), bytes, out int written) && written == Length;
        error = whole ? null : "is no key: give 32 bytes in base64, as 'openssl rand -base64 32' makes them";
        return whole ? new RecordingKey(bytes) : null;
    }

    /// <summary>The cipher that wraps and unwraps; to dispose of.</summary>
    public AesGcm Cipher() => new(_key, EncryptedFormat.TagLength);
}
