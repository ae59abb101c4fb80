using EventCalls.Contracts;
using EventCalls.Host.Commands.Calls;
using EventCalls.Host.Configuration;
using EventCalls.Replay.Audit;

namespace EventCalls.Host.Commands.Replay;

/// <summary>Where a report goes: standard output, or a file that gets its name when it is complete.</summary>
internal sealed class ReportFile : IDisposable
{
    private readonly string _option;
    private readonly string _name;
    private readonly ExportFile? _file;
    private Stream? _stream;

    /// <summary>Opens it.</summary>
    /// <exception cref="SettingsException">It cannot be written.</exception>
    public ReportFile(CommandContext context, string option, string name)
    {
        (_option, _name) = (option, name);
        if (name == "-")
        {
            _stream = new TextWriterStream(context.Out);
            return;
        }
        _file = new ExportFile(Path.GetFullPath(name, context.Folder));
        _stream = Try(_file.Open);
    }

    /// <summary>Writes the report; the file has its name afterwards.</summary>
    /// <exception cref="SettingsException">It cannot be written.</exception>
    public void Write(Action<Stream> write) => Try(() =>
    {
        write(_stream!);
        _stream!.Dispose();
        _stream = null;
        _file?.Finish();
        return true;
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
            throw new SettingsException([$"{_option} is '{_name}', which cannot be written: {e.Message} Name a file in a folder that exists and that you may write to."]);
        }
    }
}
