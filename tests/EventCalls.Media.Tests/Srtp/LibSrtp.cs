using System.Runtime.InteropServices;
using EventCalls.Media.Srtp;

namespace EventCalls.Media.Tests.Srtp;

/// <summary>The reference implementation, libsrtp 2, where it is installed.</summary>
internal sealed partial class LibSrtp : IDisposable
{
    private const string Library = "libsrtp2.so.1";
    private const int AnyInbound = 2;
    private const int AnyOutbound = 3;
    private static readonly int s_initialised = Initialise();
    private readonly nint _session;

    /// <summary>A session that protects, or one that takes the protection off.</summary>
    public unsafe LibSrtp(SrtpMasterKey master, bool outbound)
    {
        Assert.Equal(0, s_initialised);
        byte[] secret = [.. master.Key, .. master.Salt];
        fixed (byte* key = secret)
        {
            var policy = new Policy { SsrcType = outbound ? AnyOutbound : AnyInbound, Key = (nint)key, WindowSize = 128 };
            switch (master.Suite.Name)
            {
                case "AES_CM_128_HMAC_SHA1_80":
                    Cm128Tag80(ref policy.Rtp);
                    Cm128Tag80(ref policy.Rtcp);
                    break;
                case "AES_CM_128_HMAC_SHA1_32":
                    Cm128Tag32(ref policy.Rtp);
                    Cm128Tag80(ref policy.Rtcp);
                    break;
                case "AES_256_CM_HMAC_SHA1_80":
                    Cm256Tag80(ref policy.Rtp);
                    Cm256Tag80(ref policy.Rtcp);
                    break;
                case "AES_256_CM_HMAC_SHA1_32":
                    Cm256Tag32(ref policy.Rtp);
                    Cm256Tag80(ref policy.Rtcp);
                    break;
                case "AEAD_AES_128_GCM":
                    Gcm128(ref policy.Rtp);
                    Gcm128(ref policy.Rtcp);
                    break;
                default:
                    Gcm256(ref policy.Rtp);
                    Gcm256(ref policy.Rtcp);
                    break;
            }
            Assert.Equal(0, Create(out _session, ref policy));
        }
    }

    public byte[] Protected(byte[] packet) => Run(packet, 32, ProtectRtp);

    public byte[] ProtectedRtcp(byte[] packet) => Run(packet, 32, ProtectRtcp);

    public byte[] Unprotected(byte[] packet) => Run(packet, 0, UnprotectRtp);

    public byte[] UnprotectedRtcp(byte[] packet) => Run(packet, 0, UnprotectRtcp);

    public void Dispose() => Destroy(_session);

    private byte[] Run(byte[] packet, int room, Call call)
    {
        byte[] buffer = [.. packet, .. new byte[room]];
        int length = packet.Length;
        Assert.Equal(0, call(_session, buffer, ref length));
        return buffer[..length];
    }

    private delegate int Call(nint session, byte[] packet, ref int length);

    [LibraryImport(Library, EntryPoint = "srtp_init")]
    private static partial int Initialise();

    [LibraryImport(Library, EntryPoint = "srtp_create")]
    private static partial int Create(out nint session, ref Policy policy);

    [LibraryImport(Library, EntryPoint = "srtp_dealloc")]
    private static partial int Destroy(nint session);

    [LibraryImport(Library, EntryPoint = "srtp_protect")]
    private static partial int ProtectRtp(nint session, byte[] packet, ref int length);

    [LibraryImport(Library, EntryPoint = "srtp_unprotect")]
    private static partial int UnprotectRtp(nint session, byte[] packet, ref int length);

    [LibraryImport(Library, EntryPoint = "srtp_protect_rtcp")]
    private static partial int ProtectRtcp(nint session, byte[] packet, ref int length);

    [LibraryImport(Library, EntryPoint = "srtp_unprotect_rtcp")]
    private static partial int UnprotectRtcp(nint session, byte[] packet, ref int length);

    [LibraryImport(Library, EntryPoint = "srtp_crypto_policy_set_rtp_default")]
    private static partial void Cm128Tag80(ref CryptoPolicy policy);

    [LibraryImport(Library, EntryPoint = "srtp_crypto_policy_set_aes_cm_128_hmac_sha1_32")]
    private static partial void Cm128Tag32(ref CryptoPolicy policy);

    [LibraryImport(Library, EntryPoint = "srtp_crypto_policy_set_aes_cm_256_hmac_sha1_80")]
    private static partial void Cm256Tag80(ref CryptoPolicy policy);

    [LibraryImport(Library, EntryPoint = "srtp_crypto_policy_set_aes_cm_256_hmac_sha1_32")]
    private static partial void Cm256Tag32(ref CryptoPolicy policy);

    [LibraryImport(Library, EntryPoint = "srtp_crypto_policy_set_aes_gcm_128_16_auth")]
    private static partial void Gcm128(ref CryptoPolicy policy);

    [LibraryImport(Library, EntryPoint = "srtp_crypto_policy_set_aes_gcm_256_16_auth")]
    private static partial void Gcm256(ref CryptoPolicy policy);

    [StructLayout(LayoutKind.Sequential)]
    private struct CryptoPolicy
    {
        public uint CipherType;
        public int CipherKeyLength;
        public uint AuthenticationType;
        public int AuthenticationKeyLength;
        public int TagLength;
        public int Services;
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct Policy
    {
        public int SsrcType;
        public uint Ssrc;
        public CryptoPolicy Rtp;
        public CryptoPolicy Rtcp;
        public nint Key;
        public nint Keys;
        public nuint KeyCount;
        public nint Unused;
        public nuint WindowSize;
        public int AllowRepeats;
        public nint ExtensionHeaders;
        public int ExtensionHeaderCount;
        public nint Next;
    }
}
