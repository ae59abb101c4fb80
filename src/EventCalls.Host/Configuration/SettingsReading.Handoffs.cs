using EventCalls.Contracts;
using EventCalls.Routing.Destinations;

namespace EventCalls.Host.Configuration;

/// <content>The keys of handoff destinations.</content>
internal static partial class SettingsReading
{
    private static HandoffDestinations Handoffs(KeyReader keys, IReadOnlySet<string> endpoints)
    {
        var all = keys.Names("Handoffs").Select(name => Destination(keys, name)).ToList();
        if (all.Contains(null))
            return HandoffDestinations.None;
        try
        {
            return HandoffDestinations.Of([.. all.OfType<HandoffDestination>()], endpoints);
        }
        catch (FormatException e)
        {
            keys.Errors.Add($"{KeyReader.Section}:{e.Message}");
            return HandoffDestinations.None;
        }
    }

    // Null when something was wrong, which is said then.
    private static HandoffDestination? Destination(KeyReader keys, string name)
    {
        var destination = keys.For(new HandoffDestination { Name = name, Step = new Handoff { Method = HandoffMethod.Invite } });
        string key = $"Handoffs:{name}";
        string? description = destination.Text($"{key}:Description", o => o.Description, "a text");
        string? reason = destination.Text($"{key}:Reason", o => o.Reason, "a short word");
        string? contextHeader = destination.Text($"{key}:ContextHeader", o => o.ContextHeader, "the name of a header, such as `X-Handoff-Id` or `User-to-User`");
        bool isDefault = destination.Bool($"{key}:Default", o => o.IsDefault);
        var headers = destination.Json($"{key}:Headers", o => o.Step.SipHeaders, "names of headers with their values, such as `\"X-Customer-ID\": \"$customer_id\"`", null);
        // A method without parameters is a key without a value.
        var names = keys.Names(key);
        var given = WireName.All<HandoffMethod>()
            .Select(method => (Method: method, Json: destination.Json($"{key}:{Title(method)}", o => o.Step, $"the parameters of {method} in a decision, such as `{Sample(method)}`; exactly one method", null)))
            .Where(m => names.Contains(m.Method, StringComparer.OrdinalIgnoreCase))
            .ToList();
        if (keys.Describes)
            return null;
        if (given.Count != 1)
        {
            string methods = string.Join(", ", WireName.All<HandoffMethod>().Select(Title));
            keys.Errors.Add($"{KeyReader.Section}:{key} has {(given.Count == 0 ? "no method" : string.Join(" and ", given.Select(m => Title(m.Method))))}; give exactly one of {methods}");
            return null;
        }

        try
        {
            return DestinationReading.Read(name, given[0].Method, given[0].Json, headers) with { Description = description, Reason = reason, ContextHeader = contextHeader, IsDefault = isDefault };
        }
        catch (FormatException e)
        {
            keys.Errors.Add($"{KeyReader.Section}:{e.Message}");
            return null;
        }
    }

    private static string Title(string method) => $"{char.ToUpperInvariant(method[0])}{method[1..]}";

    private static string Sample(string method) => method switch
    {
        "invite" => "{ \"PhoneNumber\": \"2222\", \"OutboundEndpoint\": \"pstn\" }",
        "refer" => "{ \"ReferTo\": \"sip:support@example.com\" }",
        "bye" => "{ \"Reason\": \"To the desk\" }",
        "redirect" => "{ \"Contacts\": [\"sip:support@example.com\"] }",
        _ => "{ \"Status\": 486 }",
    };
}
