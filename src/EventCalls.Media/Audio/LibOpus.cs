using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace EventCalls.Media.Audio;

/// <summary>A native libopus, by the functions of its public interface (opus.h). States lie in memory of ours, so nothing is to be freed.</summary>
internal sealed unsafe class LibOpus
{
    // OPUS_APPLICATION_AUDIO, and the requests of opus_encoder_ctl and opus_decoder_ctl (opus_defines.h).
    private const int ApplicationAudio = 2049;
    private const int SetBitrate = 4002;
    private const int SetComplexity = 4010;
    private const int GetLookahead = 4027;
    private const int ResetState = 4028;

    // What the widest loads of its code ask for.
    private const int Alignment = 64;

    private readonly delegate* unmanaged[Cdecl]<int, int> _encoderSize;
    private readonly delegate* unmanaged[Cdecl]<byte*, int, int, int, int> _initEncoder;
    private readonly delegate* unmanaged[Cdecl]<byte*, short*, int, byte*, int, int> _encode;
    private readonly delegate* unmanaged[Cdecl]<byte*, int, nint, int> _encoderControl;
    private readonly delegate* unmanaged[Cdecl]<int, int> _decoderSize;
    private readonly delegate* unmanaged[Cdecl]<byte*, int, int, int> _initDecoder;
    private readonly delegate* unmanaged[Cdecl]<byte*, byte*, int, short*, int, int, int> _decode;
    private readonly delegate* unmanaged[Cdecl]<byte*, int, nint, int> _decoderControl;

    private LibOpus(string name, nint library)
    {
        Name = name;
        _encoderSize = (delegate* unmanaged[Cdecl]<int, int>)NativeLibrary.GetExport(library, "opus_encoder_get_size");
        _initEncoder = (delegate* unmanaged[Cdecl]<byte*, int, int, int, int>)NativeLibrary.GetExport(library, "opus_encoder_init");
        _encode = (delegate* unmanaged[Cdecl]<byte*, short*, int, byte*, int, int>)NativeLibrary.GetExport(library, "opus_encode");
        _encoderControl = (delegate* unmanaged[Cdecl]<byte*, int, nint, int>)NativeLibrary.GetExport(library, "opus_encoder_ctl");
        _decoderSize = (delegate* unmanaged[Cdecl]<int, int>)NativeLibrary.GetExport(library, "opus_decoder_get_size");
        _initDecoder = (delegate* unmanaged[Cdecl]<byte*, int, int, int>)NativeLibrary.GetExport(library, "opus_decoder_init");
        _decode = (delegate* unmanaged[Cdecl]<byte*, byte*, int, short*, int, int, int>)NativeLibrary.GetExport(library, "opus_decode");
        _decoderControl = (delegate* unmanaged[Cdecl]<byte*, int, nint, int>)NativeLibrary.GetExport(library, "opus_decoder_ctl");
    }

    /// <summary>By what name it was loaded.</summary>
    public string Name { get; }

    /// <summary>Loads one; it stays for as long as the process.</summary>
    public static bool TryLoad(string name, [NotNullWhen(true)] out LibOpus? library, [NotNullWhen(false)] out string? whyNot)
    {
        library = null;
        // Its control functions take a variable number of arguments, which here are passed as others are; macOS on ARM passes them otherwise.
        if (OperatingSystem.IsMacOS() && RuntimeInformation.ProcessArchitecture == Architecture.Arm64)
        {
            whyNot = "a native library is not used on macOS on ARM; leave it out";
            return false;
        }
        try
        {
            library = new LibOpus(name, NativeLibrary.Load(name));
        }
        catch (Exception e) when (e is DllNotFoundException or BadImageFormatException)
        {
            whyNot = "there is no such library for this machine; install libopus (Debian's libopus0), or leave it out";
            return false;
        }
        catch (EntryPointNotFoundException e)
        {
            whyNot = $"it is no libopus: {e.Message}";
            return false;
        }
        whyNot = null;
        return true;
    }

    /// <summary>The state of an encoder.</summary>
    public State NewEncoder(int sampleRate, int channels, int bitrate, int complexity)
    {
        var state = new State(_encoderSize(channels));
        Check(_initEncoder(state.Pointer, sampleRate, channels, ApplicationAudio));
        Check(_encoderControl(state.Pointer, SetBitrate, bitrate));
        Check(_encoderControl(state.Pointer, SetComplexity, complexity));
        return state;
    }

    /// <summary>The state of a decoder.</summary>
    public State NewDecoder(int sampleRate, int channels)
    {
        var state = new State(_decoderSize(channels));
        Check(_initDecoder(state.Pointer, sampleRate, channels));
        return state;
    }

    /// <summary>How many samples what comes out of an encoder is behind what goes in.</summary>
    public int LookaheadOf(State encoder)
    {
        int lookahead;
        Check(_encoderControl(encoder.Pointer, GetLookahead, (nint)(&lookahead)));
        return lookahead;
    }

    /// <summary>Encodes so many samples a channel; the packet's length.</summary>
    public int Encode(State encoder, ReadOnlySpan<short> frame, int samples, Span<byte> packet)
    {
        fixed (short* from = frame)
        fixed (byte* to = packet)
            return Check(_encode(encoder.Pointer, from, samples, to, packet.Length));
    }

    /// <summary>Decodes a packet, or conceals one that was lost; the samples a channel, or an error below 0.</summary>
    public int Decode(State decoder, ReadOnlySpan<byte> packet, Span<short> samples, int most)
    {
        // A null pointer, which an empty span gives, is a packet that was lost.
        fixed (byte* from = packet)
        fixed (short* to = samples)
            return _decode(decoder.Pointer, from, packet.Length, to, most, 0);
    }

    /// <summary>Has a decoder forget what was before.</summary>
    public void ResetDecoder(State decoder) => Check(_decoderControl(decoder.Pointer, ResetState, 0));

    private static int Check(int result) => result >= 0 ? result : throw new InvalidOperationException($"libopus answered {result}.");

    /// <summary>The state of an encoder or decoder, which does not move.</summary>
    public sealed class State(int size)
    {
        private readonly byte[] _memory = GC.AllocateArray<byte>(size + Alignment, pinned: true);

        /// <summary>Where it lies, for as long as this is held.</summary>
        public byte* Pointer => (byte*)(((nint)Unsafe.AsPointer(ref _memory[0]) + Alignment - 1) & -Alignment);
    }
}
