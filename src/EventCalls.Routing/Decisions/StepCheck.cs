using EventCalls.Contracts;

namespace EventCalls.Routing.Decisions;

/// <summary>Checks one step of a handoff.</summary>
internal sealed class StepCheck(Contracts.Handoff step, IReadOnlySet<string>? knownEndpoints)
{
    private const int MaxHeaders = 64;
    private const int MaxContacts = 16;
    private const int MaxText = 256;

    private static readonly HandoffField[] s_fields = [.. HandoffFields.All];

    /// <summary>What is wrong, beginning with the field's name; null while nothing is.</summary>
    public string? Error { get; private set; }

    /// <summary>The step in its plain form; null when <see cref="Error"/> is set.</summary>
    public Contracts.Handoff? Run()
    {
        var clean = step.Method switch
        {
            HandoffMethod.Invite => Invite(Target("phone_number", step.PhoneNumber), CallerId("outbound_caller_id", step.OutboundCallerId)),
            // A number alone is what the other side shall dial.
            HandoffMethod.Refer when string.IsNullOrEmpty(step.ReferTo) && !string.IsNullOrEmpty(step.PhoneNumber) => step with
            {
                ReferTo = Target("phone_number", step.PhoneNumber),
                PhoneNumber = null,
            },
            HandoffMethod.Refer => Refer(Target("refer_to", step.ReferTo), CallerId("phone_number", step.PhoneNumber)),
            HandoffMethod.Redirect => step with { Contacts = Contacts() },
            _ => step,
        };
        foreach (var field in s_fields)
            Value(field);
        Media();
        Prompt();
        Endpoint();
        Headers();
        return Error is null ? clean : null;
    }

    // Most are in their plain form already: then the step is its own.
    private Contracts.Handoff Invite(string? number, string? callerId) =>
        ReferenceEquals(number, step.PhoneNumber) && ReferenceEquals(callerId, step.OutboundCallerId) ? step
        : step with { PhoneNumber = number, OutboundCallerId = callerId };

    private Contracts.Handoff Refer(string? target, string? number) =>
        ReferenceEquals(target, step.ReferTo) && ReferenceEquals(number, step.PhoneNumber) ? step
        : step with { ReferTo = target, PhoneNumber = number };

    private void Refuse(string field, string what) => Error ??= $"{field}: {what}.";

    private string? Target(string field, string? value)
    {
        if (TargetForm.TryClean(value, out string clean, out string error))
            return clean;
        Refuse(field, error);
        return null;
    }

    private string? CallerId(string field, string? value)
    {
        // A caller who withheld the number has an empty one, and logic passes it on: nobody is presented then.
        if (string.IsNullOrEmpty(value))
            return null;
        if (TargetForm.TryCleanIdentity(value, out string clean, out string error))
            return clean;
        Refuse(field, error);
        return null;
    }

    private string[] Contacts()
    {
        if (step.Contacts is not { Count: > 0 and <= MaxContacts } contacts)
        {
            Refuse("contacts", $"{step.Contacts?.Count ?? 0} are given; 1 to {MaxContacts} are possible");
            return [];
        }

        return [.. contacts.Select((c, i) => Target($"contacts[{i}]", c) ?? "")];
    }

    // Targets, identities and endpoints have checks of their own, which say more.
    private void Value(HandoffField field)
    {
        if (field.Kind == HandoffValue.Number)
        {
            if (field.Number(step) is { } number)
            {
                if (number < field.Least || number > field.Greatest)
                    Refuse(field.Name, $"{number}{field.Unit} is given; {field.Least} to {field.Greatest} are possible");
            }
            else if (field.RequiredBy == step.Method)
            {
                Refuse(field.Name, $"is missing; {field.Least} to {field.Greatest} are possible");
            }
        }
        else if (field.Kind == HandoffValue.Text && !field.IsTarget && field.Text(step) is { } text
            && (text.Length > MaxText || HeaderCheck.ValueError(text) is not null))
        {
            Refuse(field.Name, HeaderCheck.ValueError(text) ?? $"is longer than {MaxText} characters");
        }
        else if (field is { Kind: HandoffValue.Text, Words.Count: > 0 } && field.Text(step) is { } word && !field.Words.Contains(word, StringComparer.Ordinal))
        {
            Refuse(field.Name, $"'{TargetForm.Shown(word)}' is given; {string.Join(" or ", field.Words)} is possible");
        }
    }

    private void Media()
    {
        if (step is { Media: HandoffFields.Direct, Record: true })
            Refuse("record", "true is given with the media direct; what is recorded goes through the node: leave media out, or give anchor");
    }

    private void Prompt()
    {
        if (step.Prompt is { Length: > 0 } prompt && PromptName.WhyNot(prompt) is { } whyNot)
            Refuse("prompt", $"'{TargetForm.Shown(prompt)}' is given; it {whyNot}");
    }

    private void Endpoint()
    {
        if (step.OutboundEndpoint is not { } name || knownEndpoints is null || knownEndpoints.Contains(name))
            return;
        string known = knownEndpoints.Count == 0
            ? "no outbound endpoint is configured (a trunk with To)"
            : $"configured are {string.Join(", ", knownEndpoints.Order(StringComparer.Ordinal))}";
        Refuse("outbound_endpoint", $"there is no '{TargetForm.Shown(name)}'; {known}");
    }

    private void Headers()
    {
        if (step.SipHeaders.Count > MaxHeaders)
            Refuse("sip_headers", $"{step.SipHeaders.Count} are given; {MaxHeaders} are possible");
        foreach (var header in step.SipHeaders)
        {
            if (HeaderCheck.NameError(header.Name) is { } nameError)
                Refuse($"sip_headers[{TargetForm.Shown(header.Name)}]", nameError);
            else if (HeaderCheck.ValueError(header.Value) is { } valueError)
                Refuse($"sip_headers[{header.Name}]", valueError);
        }
    }
}
