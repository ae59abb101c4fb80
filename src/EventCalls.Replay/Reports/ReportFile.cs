using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using EventCalls.Contracts;
using EventCalls.Replay.Audit;

namespace EventCalls.Replay.Reports;

/// <summary>Where a report goes: standard output, or a file that gets its name when it is complete.</summary>
public sealed class ReportFile : IDisposable
{
    private readonly string _option;
    private readonly string _name;
    private readonly ExportFile? _file;
    private Stream? _stream;

    /// <summary>Opens it.</summary>
    /// <param name="option">What named it, for people.</param>
    /// <param name="name">Its path, or <c>-</c> for standard output.</param>
    /// <param name="folder">Where a relative path is meant from.</param>
    /// <param name="output">Standard output; stays open.</param>
    /// <exception cref="ReportFileException">It cannot be written.</exception>
    public ReportFile(string option, string name, string folder, TextWriter output)
    {
        (_option, _name) = (option, name);
        if (name == "-")
        {
            _stream = new TextWriterStream(output);
            return;
        }
        _file = new ExportFile(Path.GetFullPath(name, folder));
        _stream = Try(_file.Open);
    }

    /// <summary>Writes the report; the file has its name afterwards.</summary>
    /// <param name="write">Writes it.</param>
    /// <exception cref="ReportFileException">It cannot be written.</exception>
    public void Write(Action<Stream> write) => Try(() =>
    {
        ArgumentNullException.ThrowIfNull(write);
        write(_stream!);
        _stream!.Dispose();
        _stream = null;
        _file?.Finish();
        return true;
    });

    /// <summary>Writes one JSON object, on a line of its own.</summary>
    /// <exception cref="ReportFileException">It cannot be written.</exception>
    public void Write<T>(T report, JsonTypeInfo<T> type) => Write(stream =>
    {
        JsonSerializer.Serialize(stream, report, type);
        stream.Write("\n"u8);
    });

    /// <summary>Removes what is not complete.</summary>
    public void Dispose()
    {
        if (_stream is null)
            return;
        _stream.Dispose();
        _file?.Discard();
    }

    private T Try<T>(Func<T> act)
    {
        try
        {
            return act();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ReportFileException($"{_option} is '{_name}', which cannot be written: {e.Message} Name a file in a folder that exists and that you may write to.", e);
        }
    }
}

/// <summary>A report cannot be written where it was asked for.</summary>
/// <param name="message">Where, why, and what to do.</param>
/// <param name="inner">Why; null where it was asked for the impossible.</param>
public sealed class ReportFileException(string message, Exception? inner = null) : Exception(message, inner);
