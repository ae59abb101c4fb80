using System.Collections.Frozen;
using System.Text;
using EventCalls.Sip.Dialogs;
using EventCalls.Sip.Messages;
using Microsoft.Extensions.Logging;

namespace EventCalls.Simulation.Live;

/// <summary>The telephones behind the outbound endpoint <c>pstn</c>: what each does is known by its extension.</summary>
public sealed class TargetSimulator(int seed, TimeProvider time, ILogger logger) : Simulator("Desk-Phones/4.1", time, logger)
{
    private static readonly FrozenDictionary<string, TargetBehaviour> s_extensions = new Dictionary<string, TargetBehaviour>
    {
        ["4100"] = TargetBehaviour.Answers,
        ["4200"] = TargetBehaviour.Answers,
        ["4210"] = TargetBehaviour.Declines,
        ["4211"] = TargetBehaviour.IsBusy,
        ["4300"] = TargetBehaviour.Answers,
        ["4401"] = TargetBehaviour.RingsOn,
        ["4402"] = TargetBehaviour.Answers,
        ["4600"] = TargetBehaviour.IsUnavailable,
        ["4700"] = TargetBehaviour.RingsOn,
        ["4800"] = TargetBehaviour.AnswersAndHangsUp,
        ["4900"] = TargetBehaviour.AnswersAndHangsUp,
    }.ToFrozenDictionary();

    private readonly Random _random = new(seed);

    /// <inheritdoc />
    public override void OnInvite(IncomingLeg leg, SipMessage invite)
    {
        string extension = SipUri.TryParse(invite.RequestUri, out var uri) ? Encoding.UTF8.GetString(uri.User) : "";
        var session = new SimulatedSession("desk", _random.Next(1_000, 100_000), 30_000 + (2 * _random.Next(5_000)));
        new TargetCall(session, s_extensions.GetValueOrDefault(extension), _random.Next(200, 700), _random.Next(600, 1_400)).Take(leg);
    }
}
