using EventCalls.Contracts;
using EventCalls.Routing.Loading;

namespace EventCalls.Routing.Deciders.Wire;

/// <summary>Sources of logic, what compiling them found, and compiled logic.</summary>
internal static class LogicWire
{
    public static void WriteSources(WireWriter to, IReadOnlyList<LogicSource> sources)
    {
        to.Count(sources.Count);
        foreach (var source in sources)
        {
            to.Text(source.Path);
            to.Text(source.Text);
        }
    }

    public static LogicSource[] ReadSources(ref WireReader from)
    {
        var sources = new LogicSource[from.Count()];
        for (int i = 0; i < sources.Length; i++)
            sources[i] = new LogicSource(from.Text(), from.Text());
        return sources;
    }

    public static void Write(WireWriter to, LogicImage image)
    {
        to.Text(image.Outline.Name);
        to.Text(image.Outline.TypeName);
        Write(to, image.Outline.Start);
        Write(to, image.Outline.TransferFailed);
        Write(to, image.Outline.ReferRequested);
        to.Count(image.Outline.Flows.Count);
        foreach (var (name, place) in image.Outline.Flows)
        {
            to.Text(name);
            Write(to, place);
        }

        to.Raw(image.Code);
        to.Raw(image.Symbols);
    }

    public static LogicImage ReadImage(ref WireReader from)
    {
        string name = from.Text(), type = from.Text();
        var start = ReadPlace(ref from);
        var failed = ReadPlace(ref from);
        var refer = ReadPlace(ref from);
        var flows = new Dictionary<string, LogicPlace>(StringComparer.Ordinal);
        for (int left = from.Count(); left > 0; left--)
            flows[from.Text()] = ReadPlace(ref from);
        return new LogicImage(new LogicOutline(name, type, start, failed, refer, flows), from.Raw().ToArray(), from.Raw().ToArray());
    }

    public static void Write(WireWriter to, LogicCheck check)
    {
        to.Text(check.Version);
        to.Count(check.Diagnostics.Count);
        foreach (var d in check.Diagnostics)
        {
            to.Text(d.File);
            to.Int(d.Line);
            to.Int(d.Column);
            to.Text(d.Id);
            to.Text(d.Message);
        }

        to.Bool(check.Logic is not null);
        if (check.Logic is { } logic)
            Write(to, logic.Image);
    }

    /// <summary>The check; its logic can be given to deciders and does not decide in this process.</summary>
    public static LogicCheck ReadCheck(ref WireReader from, IReadOnlyList<LogicSource> sources)
    {
        string version = from.Text();
        var diagnostics = new LogicDiagnostic[from.Count()];
        for (int i = 0; i < diagnostics.Length; i++)
            diagnostics[i] = new LogicDiagnostic(from.Text(), from.Int32(), from.Int32(), from.Text(), from.Text());
        if (!from.Bool())
            return new LogicCheck { Version = version, Diagnostics = diagnostics };
        var logic = new CompiledLogic(version, [.. sources.OrderBy(s => s.Path, StringComparer.Ordinal)], ReadImage(ref from), loaded: null);
        return new LogicCheck { Version = version, Flows = logic.Flows, Diagnostics = diagnostics, Logic = logic };
    }

    private static void Write(WireWriter to, LogicPlace place)
    {
        to.Text(place.DeclaringType);
        to.Text(place.Name);
        to.Text(place.Method);
        to.Text(place.File);
        to.Int(place.Line);
    }

    private static LogicPlace ReadPlace(ref WireReader from) => new(from.Text(), from.Text(), from.Text(), from.Text(), from.Int32());
}
