using System.Runtime.CompilerServices;
using EventCalls.Bus.Queues;
using EventCalls.Console;
using EventCalls.Console.Security.OpenId;
using EventCalls.Console.Webhooks;
using EventCalls.Host.Configuration;
using EventCalls.Replay.Explaining;
using EventCalls.Routing.Deciders;
using EventCalls.Routing.Deciding;
using EventCalls.Simulation.Forks;

namespace EventCalls.Host.Composition;

/// <summary>The console of a node; nothing but this knows it, so that a process that serves no HTTP loads nothing of it.</summary>
internal static class ConsolePart
{
    /// <exception cref="SettingsException">It cannot listen there, or may not.</exception>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static async Task<(IAsyncDisposable Server, Uri Address)> StartAsync(EventCallsNode node, Settings settings, TimeProvider time, ILoggerFactory loggers, CancellationToken cancellationToken)
    {
        var deciders = DeciderChoice.Of(settings.Router, settings.Lookups);
        var sources = new ConsoleSources
        {
            Store = node.Store!,
            Health = node.HealthAsync,
            Commands = node.Commands,
            Queues = settings.Bus.RabbitMq is null ? null : new BrokerQueues(settings.Bus, loggers.CreateLogger<BrokerQueues>()),
            // Another node's calls go over its own trunks.
            KnownEndpoints = node.Ingress is null ? null : settings.KnownEndpoints,
            Handoffs = settings.Router.Handoffs,
            Speech = settings.Router.Speech,
            Explainer = () => new DecisionExplainer(node.Store!, settings.KnownEndpoints, deciders, time, loggers.CreateLogger<DecisionExplainer>()),
            CompileLogic = (files, ct) => DeciderChoice.CompileAsync(deciders, files, time, ct),
            TryLogic = (files, calls, ct) => LogicProof.RunAsync(deciders, files, calls, new DecideOptions { Lookups = settings.Lookups }, time, ct),
            LogicFrom = settings.Router.LogicFrom,
            Fork = (call, at, inject, logic, ct) => StoredFork.PrepareAsync(node.Store!, call, at, inject, logic, settings.Fork, settings.Lookups, time, ct),
            Replaying = () => settings.Replay(deciders),
            ActiveLogic = () => node.Router?.Logic?.Current?.Version,
            Gauges = () => node.Figures().Select(f => new Gauge(f.Name, f.Help, f.Value, f.Labels) { OnlyGrows = f.Name.EndsWith("_total", StringComparison.Ordinal) }),
            Canary = () => node.Canary,
            Shadow = () => node.Shadow,
            Trunks = [.. settings.Telephony.Trunks.Select(t => new TrunkObject(t.Name, t.From, t.To))],
            Webhooks = settings.Webhooks,
            Recordings = new RecordingFiles(settings.Telephony.Media),
        };
        try
        {
            var openId = settings.Http.OpenId is { } configured ? OpenIdOptions.Of(configured, Environment.CurrentDirectory) : null;
            var options = new ConsoleOptions { Listen = settings.Http.Listen, Keys = settings.Http.Keys, OpenId = openId, Origins = settings.Http.Origins };
            var server = await ConsoleServer.StartAsync(options, sources, time, loggers, cancellationToken).ConfigureAwait(false);
            return (server, server.Addresses[0]);
        }
        catch (ConsoleRefusedException e)
        {
            throw new SettingsException([e.Message]);
        }
    }

    /// <summary>Tells webhooks from a store that is there; nothing else of the console is needed.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static IAsyncDisposable TellWebhooks(EventCallsNode node, Settings settings, TimeProvider time, ILoggerFactory loggers) =>
        WebhookService.Start(settings.Webhooks, node.Store!, time, loggers.CreateLogger<WebhookService>());
}
