using System.Globalization;
using EventCalls.Replay.Calls;

namespace EventCalls.Replay.Gate;

/// <summary>The changes that were announced: calls that change in nothing else are counted apart. Rules that are over, or were met by no call, do not let a replay pass.</summary>
/// <remarks>Counts its own calls: for one replay.</remarks>
public sealed class ExpectedChanges
{
    private readonly DateTimeOffset _now;

    internal ExpectedChanges(IReadOnlyList<ExpectedChange> rules, DateTimeOffset now) => (Rules, _now) = (rules, now);

    /// <summary>The rules, in the order of the file.</summary>
    public IReadOnlyList<ExpectedChange> Rules { get; }

    /// <summary>Whether a rule no longer holds.</summary>
    public bool IsExpired(ExpectedChange rule)
    {
        ArgumentNullException.ThrowIfNull(rule);
        return rule.IsExpired(_now);
    }

    /// <summary>The call, with the names of the rules it changed as; as it is when anything of it was not announced.</summary>
    public ReplayedCall Mark(ReplayedCall call)
    {
        ArgumentNullException.ThrowIfNull(call);
        if (call.Verdict != Verdict.Changed)
            return call;
        var about = Rules.Where(rule => !rule.IsExpired(_now) && rule.IsAbout(call)).ToList();
        if (about.Count == 0)
            return call;
        var met = new List<ExpectedChange>();
        foreach (var change in call.Changes)
        {
            if (about.Find(rule => rule.Allows(change)) is not { } rule)
                return call;
            if (!met.Contains(rule))
                met.Add(rule);
        }
        foreach (var rule in met)
            rule.Calls++;
        return call with { Expected = [.. met.Select(rule => rule.Name)] };
    }

    /// <summary>What does not let a replay pass, a line each.</summary>
    public IReadOnlyList<string> Find()
    {
        var found = new List<string>();
        foreach (var rule in Rules)
        {
            if (rule.IsExpired(_now))
                found.Add(string.Create(CultureInfo.InvariantCulture, $"expected change '{rule.Name}' of {rule.Author} expired on {rule.Expires:yyyy-MM-dd}: remove it, or have its 'expires' renewed"));
            else if (rule.Calls == 0)
                found.Add($"expected change '{rule.Name}' of {rule.Author} was met by no call: remove it, or correct its 'where' and 'may'");
        }
        return found;
    }

    internal void Save(BinaryWriter writer)
    {
        writer.Write(Rules.Count);
        foreach (var rule in Rules)
        {
            writer.Write(rule.Text);
            writer.Write(rule.Calls);
        }
    }

    internal void Load(BinaryReader reader)
    {
        if (reader.ReadInt32() != Rules.Count)
            throw new InvalidDataException("it has other expected changes");
        foreach (var rule in Rules)
        {
            if (reader.ReadString() != rule.Text)
                throw new InvalidDataException("it has other expected changes");
            rule.Calls = reader.ReadInt64();
        }
    }
}
