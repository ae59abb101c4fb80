using System.Runtime.CompilerServices;
using System.Security.Cryptography;

namespace EventCalls.Media.Recording;

/// <summary>The file of one recording, from its unfinished name to its last one. Collects a second before it writes. For the recordings' thread.</summary>
internal sealed class RecordingTarget
{
    private const int MostNames = 1000;
    private const int Collected = Audio.AudioFrame.SampleRate * 2;

    private readonly string _path;
    private readonly RecordingFile _file;
    private readonly RecordingEncoding _encoding;
    private readonly short[] _samples = new short[Collected];
    private int _count;

    private RecordingTarget(string path, RecordingFile file, RecordingEncoding encoding) => (_path, _file, _encoding) = (path, file, encoding);

    /// <summary>How much it takes on the disk.</summary>
    public long Bytes => _file.Length;

    /// <summary>Makes the file, with a number in its name where there is one of that name.</summary>
    /// <exception cref="IOException">The disk says no.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder may not be written to.</exception>
    public static RecordingTarget Create(RecordingSettings settings, RecordingDetails details)
    {
        string stem = settings.Path.Resolve(settings.Folder, details);
        Directory.CreateDirectory(Path.GetDirectoryName(stem)!);
        for (int number = 1; ; number++)
        {
            string path = (number == 1 ? stem : $"{stem}-{number}") + settings.Ending;
            if (number < MostNames && File.Exists(path))
                continue;
            Stream stream;
            try
            {
                stream = settings.Open(path + RecordingSettings.Unfinished);
            }
            catch (IOException) when (number < MostNames && File.Exists(path + RecordingSettings.Unfinished))
            {
                continue;
            }
            try
            {
                RecordingFile file = settings.Key is { } key ? new EncryptedFile(stream, key) : new PlainFile(stream);
                return new RecordingTarget(path, file, settings.Format == RecordingFormat.Opus ? NewOpus(file) : new WavEncoding(file));
            }
            catch
            {
                stream.Dispose();
                File.Delete(path + RecordingSettings.Unfinished);
                throw;
            }
        }
    }

    /// <summary>Adds samples of both channels by turns.</summary>
    public void Write(ReadOnlySpan<short> samples)
    {
        if (_count + samples.Length > _samples.Length)
            Encode();
        samples.CopyTo(_samples.AsSpan(_count));
        _count += samples.Length;
    }

    /// <summary>Makes the file whole up to here.</summary>
    public void Checkpoint()
    {
        Encode();
        _encoding.Checkpoint();
    }

    /// <summary>Ends the file and gives it its name; which that is.</summary>
    public string Finish()
    {
        Encode();
        _encoding.Finish();
        return Close();
    }

    /// <summary>After a failure: leaves what is whole; the path of it, or null when nothing is.</summary>
    public string? CutBack()
    {
        try
        {
            _file.CutBack();
            _encoding.CutBack();
            return Close();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return File.Exists(_path + RecordingSettings.Unfinished) ? _path + RecordingSettings.Unfinished : null;
        }
    }

    /// <summary>Deletes the file.</summary>
    public void Discard()
    {
        _file.Dispose();
        File.Delete(_path + RecordingSettings.Unfinished);
    }

    // Apart, so that a process that writes WAV does not load Opus.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static OggOpusEncoding NewOpus(RecordingFile file) => new(file, (uint)RandomNumberGenerator.GetInt32(int.MaxValue));

    private void Encode()
    {
        _encoding.Write(_samples.AsSpan(0, _count));
        _count = 0;
    }

    private string Close()
    {
        _file.Dispose();
        File.Move(_path + RecordingSettings.Unfinished, _path, overwrite: false);
        return _path;
    }
}
