using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using EventCalls.Contracts;
using EventCalls.Routing.Decisions;
using EventCalls.Routing.Lookups;

namespace EventCalls.Routing.Destinations;

/// <summary>The destinations that handoffs may name.</summary>
public sealed class HandoffDestinations
{
    private readonly LookupTables _answers;

    private HandoffDestinations(IReadOnlyList<HandoffDestination> all)
    {
        All = all;
        _answers = AddTo(LookupTables.None);
    }

    /// <summary>None at all.</summary>
    public static HandoffDestinations None { get; } = new([]);

    /// <summary>All, in the order of the configuration.</summary>
    public IReadOnlyList<HandoffDestination> All { get; }

    /// <summary>Checks destinations.</summary>
    /// <param name="all">The destinations; one of them is the default, unless there are none.</param>
    /// <param name="knownEndpoints">The outbound endpoints that are configured; null leaves their names unchecked.</param>
    /// <exception cref="FormatException">One cannot be used, two have one name, or not exactly one is the default; the message names them.</exception>
    public static HandoffDestinations Of(IReadOnlyList<HandoffDestination> all, IReadOnlySet<string>? knownEndpoints = null)
    {
        ArgumentNullException.ThrowIfNull(all);
        foreach (var one in all)
        {
            if (string.IsNullOrEmpty(one.Name))
                throw new FormatException("Handoffs: a destination has no name.");
            if (one.Problem(knownEndpoints) is { } problem)
                throw new FormatException($"Handoffs:{one.Name}: {problem}");
        }

        if (all.GroupBy(d => d.Name, StringComparer.Ordinal).FirstOrDefault(g => g.Count() > 1) is { } twice)
            throw new FormatException($"Handoffs:{twice.Key}: is there twice.");
        var defaults = all.Where(d => d.IsDefault).Select(d => d.Name).ToList();
        if (all.Count > 0 && defaults.Count != 1)
        {
            throw new FormatException(defaults.Count == 0
                ? $"Handoffs: none of {string.Join(", ", all.Select(d => d.Name))} is the default; set Default to true at one."
                : $"Handoffs: {string.Join(", ", defaults)} are each the default; set Default to true at one only.");
        }

        return all.Count == 0 ? None : new HandoffDestinations([.. all]);
    }

    /// <summary>The tables with the destinations beside them, so that logic that asks for one gets it, in any process, and the answer is recorded.</summary>
    public LookupTables AddTo(LookupTables tables)
    {
        ArgumentNullException.ThrowIfNull(tables);
        if (All.Count == 0)
            return tables;
        var answers = All.Select(d => KeyValuePair.Create(DestinationNames.Prefix + d.Name, ConfiguredDestination.Write(d)));
        return tables.WithAnswers(All.Where(d => d.IsDefault).Select(d => KeyValuePair.Create(DestinationNames.Prefix, d.Name)).Concat(answers));
    }

    /// <summary>Recorded answers with these destinations in place of those that were recorded.</summary>
    public IReadOnlyList<LookupAnswer> InPlaceOf(IReadOnlyList<LookupAnswer> recorded)
    {
        ArgumentNullException.ThrowIfNull(recorded);
        var answers = recorded.Where(a => !DestinationNames.IsName(a.Name)).ToList();
        foreach (string name in recorded.Select(a => a.Name).Where(DestinationNames.IsName).Concat(_answers.Columns.Keys).Distinct(StringComparer.Ordinal))
            answers.Add(_answers.TryFind(name, "", out string? value) ? new LookupAnswer(name, "", value) : new LookupAnswer(name, "", null) { Refusal = _answers.Refusal(name, "") });
        return answers;
    }

    /// <summary>Whether a decision asked for a destination that was not so when it was recorded.</summary>
    /// <param name="asked">What the decision asked.</param>
    /// <param name="recorded">What was recorded.</param>
    public static bool AreOtherwise(IReadOnlyList<LookupAnswer> asked, IReadOnlyList<LookupAnswer> recorded)
    {
        ArgumentNullException.ThrowIfNull(asked);
        ArgumentNullException.ThrowIfNull(recorded);
        return asked.Any(a => DestinationNames.IsName(a.Name) && !recorded.Contains(a));
    }

    /// <summary>Puts in place of a destination's name what it stands for; a decision that names none comes back as it is.</summary>
    /// <param name="document">The decision, as read.</param>
    /// <param name="state">The call's state, with what the decision changes in it.</param>
    /// <param name="handoffId">The id the handoff has or is given.</param>
    /// <param name="resolved">The decision with its steps, not checked yet; null on an error.</param>
    /// <param name="answers">What the names stood for, to be recorded with the decision.</param>
    /// <param name="error">What is wrong, beginning with the field; null when nothing is.</param>
    public bool TryResolve(
        DecisionDocument document,
        IReadOnlyDictionary<string, JsonElement> state,
        Guid handoffId,
        [NotNullWhen(true)] out DecisionDocument? resolved,
        out IReadOnlyList<LookupAnswer> answers,
        [NotNullWhen(false)] out string? error)
    {
        ArgumentNullException.ThrowIfNull(document);
        ArgumentNullException.ThrowIfNull(state);
        (resolved, answers, error) = (document, [], null);
        if (document.Named is not { } named)
            return true;
        var asked = new List<LookupAnswer>();
        try
        {
            var (step, reason) = ConfiguredDestination.Resolve(named, Ask, key => state.TryGetValue(key, out var value) ? value : null, handoffId);
            resolved = document with { Named = null, Resolved = named, Steps = [step, .. named.Fallbacks], Reason = document.Reason ?? reason };
            answers = asked;
            return true;
        }
        catch (UnknownDestinationException e)
        {
            error = named.Destination is null && All.Count == 0
                ? $"handoff: must hold exactly one of {string.Join(", ", WireName.All<HandoffMethod>())}; it holds nothing."
                : $"handoff.type: {e.Message}";
        }
        catch (DecisionFormatException e)
        {
            error = e.Message;
        }

        (resolved, answers) = (null, asked);
        return false;

        string Ask(string name)
        {
            if (!_answers.TryFind(name, "", out string? value))
            {
                string refusal = _answers.Refusal(name, "");
                asked.Add(new LookupAnswer(name, "", null) { Refusal = refusal });
                throw new UnknownDestinationException(refusal);
            }

            asked.Add(new LookupAnswer(name, "", value));
            return value!;
        }
    }
}
