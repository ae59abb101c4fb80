using EventCalls.Store.Notifying;

namespace EventCalls.Host.Configuration;

/// <content>The keys of webhooks.</content>
internal static partial class SettingsReading
{
    private static IReadOnlyList<WebhookOptions> Webhooks(KeyReader keys) => [.. keys.Names("Webhooks").Select(name => Webhook(keys, name))];

    private static WebhookOptions Webhook(KeyReader keys, string name)
    {
        var webhook = keys.For(new WebhookOptions { Name = name, Url = new Uri("", UriKind.RelativeOrAbsolute), Secret = "" });
        string key = $"Webhooks:{name}";
        string? url = webhook.TextFor($"{key}:Url", o => o.Url, "an address such as `https://crm.example.com/calls`");
        var options = new WebhookOptions
        {
            Name = name,
            Url = Uri.TryCreate(url, UriKind.Absolute, out var address) ? address : new Uri(url ?? "", UriKind.RelativeOrAbsolute),
            Secret = webhook.Secret($"{key}:Secret", o => o.Secret, "24 characters or more, or `whsec_` and base64") ?? "",
            Events = webhook.List($"{key}:Events", o => o.Events, "a list of names in the [catalogue](event-catalogue.md), `node_lost`, `trunk_down`, `trunk_up`, `nightly_not_same` and `nightly_same`"),
            Timeout = webhook.Seconds($"{key}:TimeoutSeconds", o => o.Timeout, 1, 600),
            GiveUpAfterHours = webhook.Int($"{key}:GiveUpAfterHours", o => o.GiveUpAfterHours, 1, 24 * 30),
            Parallel = webhook.Int($"{key}:Parallel", o => o.Parallel, 1, 64),
        };
        foreach (var (property, expected) in keys.Describes ? [] : options.Problems())
            keys.Errors.Add($"{KeyReader.Section}:{key}{(property == nameof(options.Name) ? "" : $":{property}")} cannot be used; {expected}");
        return options;
    }
}
