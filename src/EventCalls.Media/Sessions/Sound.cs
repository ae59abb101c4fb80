using EventCalls.Media.Audio;

namespace EventCalls.Media.Sessions;

/// <summary>What somebody can be let hear: music, a prompt, a tone. Any thread may use it, many calls at once.</summary>
public sealed class Sound
{
    private static readonly AudioClips s_clips = new();
    private readonly AudioClip _clip;
    private readonly Lazy<IReadOnlyList<SoundPart>> _parts;

    private Sound(AudioClip clip) => (_clip, _parts) = (clip, new Lazy<IReadOnlyList<SoundPart>>(() => SoundPart.Of(clip)));

    /// <summary>Silence without end.</summary>
    public static Sound Silence { get; } = new(AudioClip.Silence);

    /// <summary>Music of a WAV file, again and again.</summary>
    /// <exception cref="SoundException">The file cannot be used; the message says what to do.</exception>
    public static Sound Music(string path) => new(Read(path, repeats: true));

    /// <summary>A prompt of a WAV file, once.</summary>
    /// <exception cref="SoundException">The file cannot be used.</exception>
    public static Sound Prompt(string path) => new(Read(path, repeats: false));

    /// <summary>How long it is, milliseconds.</summary>
    public int Milliseconds => _clip.Frames * AudioFrame.Milliseconds;

    /// <summary>What rings in a country, by its two letters (ISO 3166-1); null when its tone is not known.</summary>
    public static Sound? Ringback(string country) => CountryTones.Find(country) is { } tones ? new Sound(s_clips.Tone(tones.Ringback)) : null;

    /// <summary>The countries whose tones are known.</summary>
    public static IEnumerable<string> Countries => CountryTones.All.Select(t => t.Country);

    /// <summary>Whether it begins again when it ends.</summary>
    internal bool Repeats => _clip.Repeats;

    /// <summary>It in parts that others play, one behind the other; made when they are first asked for.</summary>
    internal IReadOnlyList<SoundPart> Parts => _parts.Value;

    internal AudioSource Source() => new ClipSource(_clip);

    private static AudioClip Read(string path, bool repeats)
    {
        try
        {
            return s_clips.File(path, repeats);
        }
        catch (AudioFileException e)
        {
            throw new SoundException(e.Message, e);
        }
    }
}

/// <summary>A file of sound cannot be used; the message names it and says what to do.</summary>
public sealed class SoundException(string message, Exception inner) : Exception(message, inner);
