using System.CommandLine;
using EventCalls.Console.Security;
using EventCalls.Contracts;
using EventCalls.Host.Configuration;

namespace EventCalls.Host.Commands;

/// <summary><c>eventcalls keys</c>: the keys of the HTTP API.</summary>
internal static class KeysCommand
{
    public static Command Create(CommandContext context) =>
        new("keys", "API keys: makes, lists and revokes them, in the file EventCalls:Http:Keys; a running service sees it at once.") { New(context), List(context), Revoke(context) };

    private static Command New(CommandContext context)
    {
        var (name, scope) = (Name(), new Option<string>("--scope") { Description = "read (see), operate (give commands to calls) or administer (change what all calls are routed by)", HelpName = "SCOPE", Required = true });
        // By name: what makes the command line must not load the room of HTTP.
        scope.CompletionSources.Add("read", "operate", "administer");
        var listen = new Option<bool>("--listen") { Description = "Lets its holder hear recordings, too, which no scope includes." };
        var monitor = new Option<bool>("--monitor") { Description = "Lets its holder have somebody hear calls that are under way, and speak in them, which no scope includes." };
        var command = new Command("new", "Makes a key and prints it, once: only a hash of it is kept.") { name, scope, listen, monitor };
        var json = JsonOption.AddTo(command, "One JSON object: name, scope, listen and monitor where it may, and key.");
        command.SetAction(result =>
        {
            string given = result.GetValue(name)!;
            if (ApiKey.NameError(given) is { } wrong)
                throw new SettingsException([$"NAME is '{PlainText.Of(given)}'; {wrong}"]);
            if (!WireName.TryParse(result.GetValue(scope), out ApiScope may))
                throw new SettingsException([$"--scope is '{PlainText.Of(result.GetValue(scope)!)}'; expected read, operate or administer"]);
            var (token, key) = ApiKey.Make(given, may, context.Time.GetUtcNow(), result.GetValue(listen), result.GetValue(monitor));
            return Change(context, keys => keys.Any(k => k.Name == given && k.RevokedAt is null) ? null : [.. keys, key], $"There is a key '{given}' already; revoke it, or choose another name.", () =>
            {
                context.Out.WriteLine(result.GetValue(json) ? $$"""{"name":"{{given}}","scope":"{{WireName.Of(may)}}"{{Rights(key)}},"key":"{{token}}"}""" : token);
                context.Error.WriteLine("Keep it: it is shown only now. Send it as Authorization: Bearer …");
            });
        });
        return command;
    }

    private static Command List(CommandContext context)
    {
        var command = new Command("list", "Lists the keys, also the revoked ones.");
        var json = JsonOption.AddTo(command, "One JSON object a line.");
        command.SetAction(result =>
        {
            foreach (var key in Keys(context).Read())
            {
                string? revoked = key.RevokedAt is { } at ? UtcTime.Seconds(at) : null;
                context.Out.WriteLine(result.GetValue(json)
                    ? $$"""{"name":"{{key.Name}}","scope":"{{WireName.Of(key.Scope)}}"{{Rights(key)}},"createdAt":"{{UtcTime.Seconds(key.CreatedAt)}}","revokedAt":{{(revoked is null ? "null" : $"\"{revoked}\"")}}}"""
                    : PlainText.Of($"{key.Name,-24}  {WireName.Of(key.Scope),-10}  {UtcTime.Seconds(key.CreatedAt)}{(key.Listen ? "  listens" : "")}{(key.Monitor ? "  monitors" : "")}{(revoked is null ? "" : $"  revoked {revoked}")}"));
            }
            return ExitCodes.Done;
        });
        return command;
    }

    private static Command Revoke(CommandContext context)
    {
        var name = Name();
        var command = new Command("revoke", "Makes a key worth nothing, from its next use on.") { name };
        command.SetAction(result =>
        {
            string given = result.GetValue(name)!;
            return Change(
                context,
                keys => keys.Any(k => k.Name == given && k.RevokedAt is null) ? [.. keys.Select(k => k.Name == given ? k with { RevokedAt = k.RevokedAt ?? context.Time.GetUtcNow() } : k)] : null,
                $"There is no key '{PlainText.Of(given)}' that is worth anything; 'eventcalls keys list' shows those there are.",
                () => context.Out.WriteLine($"revoked {given}"));
        });
        return command;
    }

    private static string Rights(ApiKey key) => $"{(key.Listen ? ",\"listen\":true" : "")}{(key.Monitor ? ",\"monitor\":true" : "")}";

    private static Argument<string> Name() => new("NAME") { Description = "Whose key it is, as the audit shows it: letters, digits, '-', '.', '_' and '@'." };

    private static ApiKeyFile Keys(CommandContext context) => context.LoadSettings().Http.Keys is { } path
        ? new ApiKeyFile(path)
        : throw new SettingsException([$"{KeyReader.Section}:Http:Keys is not set; name the file of the keys there, in appsettings.json, or here with --{KeyReader.Section}:Http:Keys=keys.json"]);

    // Null changes nothing: then it is not so.
    private static int Change(CommandContext context, Func<IReadOnlyList<ApiKey>, IReadOnlyList<ApiKey>?> change, string otherwise, Action done)
    {
        bool isDone = false;
        try
        {
            Keys(context).Change(keys => change(keys) is { } changed ? (isDone = true, changed).changed : keys);
        }
        catch (Exception e) when (e is IOException or FormatException)
        {
            throw new SettingsException([e.Message]);
        }
        if (isDone)
            done();
        else
            context.Error.WriteLine(otherwise);
        return isDone ? ExitCodes.Done : ExitCodes.NotSo;
    }
}
