using System.Net.Sockets;
using EventCalls.Contracts.Findings;
using EventCalls.Host.Configuration;
using EventCalls.Routing;
using EventCalls.Routing.Deciders;

namespace EventCalls.Host.Commands.Doctor;

/// <summary>Whether there is routing logic that can be used.</summary>
internal static class RoutingCheck
{
    private static readonly TimeSpan s_longest = TimeSpan.FromSeconds(5);

    public static async Task<Finding> RunAsync(RouterOptions options, TimeProvider time, CancellationToken ct)
    {
        if (options.Webhook is { } webhook)
            return await WebhookAsync(webhook.Url, ct).ConfigureAwait(false);
        string path = options.LogicPath!;
        var check = await DeciderChoice.CheckAsync(path, time, ct).ConfigureAwait(false);
        using var logic = check.Logic;
        if (check.Ok)
            return Finding.Ok("logic", $"{path}: compiles, {logic!.Name}, flows {(check.Flows.Count == 0 ? "none" : string.Join(", ", check.Flows))}.");
        var more = check.Diagnostics.Count > 1 ? $" and {check.Diagnostics.Count - 1} more" : "";
        return Finding.Failed("logic", $"{path}: cannot be used: {check.Diagnostics[0]}{more}", $"'eventcalls logic check {path}' shows all; until it is corrected every call gets the default, {options.Default}.", FindingFault.NotSo);
    }

    private static async Task<Finding> WebhookAsync(Uri url, CancellationToken ct)
    {
        try
        {
            using var deadline = CancellationTokenSource.CreateLinkedTokenSource(ct);
            deadline.CancelAfter(s_longest);
            using var client = new TcpClient();
            await client.ConnectAsync(url.DnsSafeHost, url.Port, deadline.Token).ConfigureAwait(false);
            return Finding.Ok("logic", $"the webhook {HiddenValue.Of(url.GetLeftPart(UriPartial.Path))} takes connections.");
        }
        catch (Exception e) when (e is SocketException || (e is OperationCanceledException && !ct.IsCancellationRequested))
        {
            return Finding.Unreachable("logic", $"the webhook {HiddenValue.Of(url.GetLeftPart(UriPartial.Path))} cannot be reached: {(e is SocketException ? e.Message : "no answer in time")}.", "Start it, or name the right one in EventCalls:Routing:Webhook:Url.");
        }
    }
}
