using System.Text.Json;
using EventCalls.Console.Calls;
using EventCalls.Console.Problems;
using EventCalls.Console.Queries;
using EventCalls.Console.Security;
using EventCalls.Contracts;
using EventCalls.Replay.Audit;
using EventCalls.Store;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace EventCalls.Console.Commands;

/// <summary>What may be asked of a call that is under way. Its owner, which may be another node, does it.</summary>
internal sealed partial class CommandEndpoints(ConsoleSources sources)
{
    private static readonly Dictionary<string, JsonElement> s_noState = [];

    public void Map(IEndpointRouteBuilder routes)
    {
        var call = routes.MapGroup("/api/calls/{id}").WithTags("commands").Needs(ApiScope.Operate).Takes();
        Add(call.MapPost("/handoff", (string id, HttpContext context) => GiveAsync(id, context, (body, command) => HandoffAsync(body, command, context.RequestAborted))),
            "Hands the call off, in the middle of a conversation: a decision's JSON, or its handoff alone; a configured destination is named by its type");
        Add(call.MapPost("/state", (string id, HttpContext context) => GiveAsync(id, context, (body, command) => Task.FromResult(CommandBodies.State(body, command)))), "Changes the state of the call's conversation; null removes a key");
        Add(call.MapPost("/flow", (string id, HttpContext context) => GiveAsync(id, context, (body, command) => Task.FromResult(CommandBodies.Flow(body, command)))), "Has the logic decide anew, in the flow named", CommandBodies.FlowFields);
        Add(call.MapPost("/recording", (string id, HttpContext context) => GiveAsync(id, context, (body, command) => Task.FromResult(CommandBodies.Recording(body, command)))), "Starts, pauses, resumes or discards the call's recording", CommandBodies.RecordingFields);
        Add(call.MapPost("/hangup", (string id, HttpContext context) => GiveAsync(id, context, (body, command) => Task.FromResult(CommandBodies.HangUp(body, command)))), "Ends the call", CommandBodies.ReasonFields);
        MapMonitor(routes);
    }

    private static void Add(RouteHandlerBuilder endpoint, string summary, IReadOnlyList<string>? fields = null) => endpoint
        .WithSummary(summary)
        .WithMetadata(new TakesBody(Texts: fields) { IsOnce = true }, new RequestSizeLimit(CommandBodies.MaxBytes))
        .Produces<TakenCommand>(StatusCodes.Status202Accepted)
        .ProducesProblem(404).ProducesProblem(409).ProducesProblem(422).ProducesProblem(504);

    private async Task<IResult> GiveAsync(string id, HttpContext context, Func<JsonElement, CallCommand, Task<CallCommand>> read)
    {
        using var body = await CommandBodies.ReadAsync(context).ConfigureAwait(false);
        var call = await sources.Store.RequiredAsync(id, context.RequestAborted).ConfigureAwait(false);
        var caller = context.Caller();
        var command = await read(body.RootElement, new CallCommand
        {
            CommandId = IdempotencyKey.IdOf(context, call.CallId, caller.Name),
            CallId = call.CallId,
            Node = call.Node,
            Kind = default,
            By = caller.Name,
        }).ConfigureAwait(false);
        if (sources.Commands is not { } commands)
            throw NoWay();
        // Given again after the end, it is still answered as it was: only then is the owner of a call that is over asked.
        bool mayBeAgain = context.Request.Headers.ContainsKey(IdempotencyKey.Header);
        var answer = call.EndedAt is null || mayBeAgain
            ? await commands.SendAsync(command, context.RequestAborted).ConfigureAwait(false)
            : new CommandAnswer { CommandId = command.CommandId, Result = CommandResult.CallOver };
        if (answer.Result == CommandResult.NoAnswer && call.EndedAt is not null)
            answer = answer with { Result = CommandResult.CallOver, Problem = null };
        if (answer.Result == CommandResult.Taken)
            return PlainJson.Of(new TakenCommand(command.CommandId, answer.HandoffId, command.Monitor?.MonitorId), ConsoleJson.Default.TakenCommand, statusCode: StatusCodes.Status202Accepted);
        throw Refused(answer, call);
    }

    private async Task<CallCommand> HandoffAsync(JsonElement body, CallCommand command, CancellationToken cancellationToken)
    {
        var decision = CommandBodies.Decision(body, sources.Speech);
        IReadOnlyDictionary<string, JsonElement> state = s_noState;
        if (decision.Named is not null)
        {
            var events = await sources.Store.ReadStreamAsync(command.CallId, cancellationToken).ConfigureAwait(false);
            state = CallMoment.AsOf(events, events.Count).State;
        }
        return CommandBodies.Handoff(decision, state, command, sources);
    }

    private static ApiProblemException Refused(CommandAnswer answer, CallRow call)
    {
        string Said(string otherwise) => answer.Problem is { Length: > 0 } problem ? PlainText.Of(problem) : otherwise;
        return answer.Result switch
        {
            CommandResult.UnknownCall or CommandResult.CallOver => new ApiProblemException(409, "Call is over", Said(
                call.EndedAt is { } ended ? $"The call ended at {UtcTime.Milliseconds(ended)}." : "The call's node knows it no more: it is over, or that node was started anew.")),
            CommandResult.HandoffUnderWay => new ApiProblemException(409, "Handoff under way", Said("Another handoff of this call is under way; wait for its outcome.")),
            CommandResult.NotPossible => new ApiProblemException(409, "Not possible", Said("It cannot be carried out as the call stands now.")),
            CommandResult.OtherCommand => new ApiProblemException(409, "Key used otherwise", Said("The same Idempotency-Key came before with something else; use a new one.")) { Field = IdempotencyKey.Header },
            CommandResult.NoAnswer => new ApiProblemException(504, "No answer", Said(
                $"The call's node, '{PlainText.Of(call.Node)}', did not answer in time; the command may still be carried out. Give it again with the same Idempotency-Key."))
            { RetryAfter = 2 },
            _ => ApiProblemException.Invalid(FieldOf(answer.Problem), Said("It cannot be carried out as it stands.")),
        };
    }

    // Problems begin with the field.
    private static string FieldOf(string? problem) => CommandBodies.FieldOf(problem ?? "") ?? "body";
}
