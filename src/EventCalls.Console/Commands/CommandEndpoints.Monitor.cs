using EventCalls.Console.Calls;
using EventCalls.Console.Problems;
using EventCalls.Console.Queries;
using EventCalls.Console.Security;
using EventCalls.Contracts;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace EventCalls.Console.Commands;

/// <content>Who hears a call that is under way.</content>
internal sealed partial class CommandEndpoints
{
    private void MapMonitor(IEndpointRouteBuilder routes)
    {
        var monitor = routes.MapGroup("/api/calls/{id}/monitor").WithTags("commands").NeedsToMonitor().Takes();
        Add(monitor.MapPost("", (string id, HttpContext context) => GiveAsync(id, context, (body, command) => Task.FromResult(CommandBodies.Monitor(body, command)))),
            "Calls somebody who hears both sides of the call, whispers to one or speaks to both", CommandBodies.MonitorFields);
        Add(monitor.MapPatch("/{monitor}", (string id, string monitor, HttpContext context) => GiveAsync(id, context, (body, command) => Task.FromResult(CommandBodies.ChangedMonitor(monitor, body, command)))),
            "Has who monitors the call listen, whisper or join from now on", CommandBodies.ChangedMonitorFields);
        Add(monitor.MapDelete("/{monitor}", (string id, string monitor, HttpContext context) => GiveAsync(id, context, (body, command) => Task.FromResult(CommandBodies.EndedMonitor(monitor, body, command)))),
            "Ends a monitor: who heard the call is hung up on, and the call goes on", CommandBodies.ReasonFields);
        routes.MapGet("/api/calls/{id}/level", (Delegate)LevelAsync).WithTags("calls").Needs(ApiScope.Read).Takes()
            .WithSummary("How loud the two sides of a call under way have been since this was last asked; measured only while it is")
            .Produces<LevelObject>().ProducesProblem(404).ProducesProblem(409).ProducesProblem(504);
    }

    private async Task<IResult> LevelAsync(string id, HttpContext context)
    {
        var call = await sources.Store.RequiredAsync(id, context.RequestAborted).ConfigureAwait(false);
        if (sources.Commands is not { } commands)
            throw NoWay();
        var answer = call.EndedAt is null
            ? await commands.SendAsync(new CallCommand { CommandId = Guid.CreateVersion7(), CallId = call.CallId, Node = call.Node, Kind = CommandKind.Level, By = context.Caller().Name }, context.RequestAborted).ConfigureAwait(false)
            : new CommandAnswer { CommandId = Guid.Empty, Result = CommandResult.CallOver };
        return answer.Result == CommandResult.Taken
            ? PlainJson.Of(new LevelObject(answer.CallerLevel, answer.TargetLevel), ConsoleJson.Default.LevelObject)
            : throw Refused(answer, call);
    }

    private static ApiProblemException NoWay() => new(503, "Not available", "This process has no way to the owners of calls; ask one that has a bus to them.");
}
