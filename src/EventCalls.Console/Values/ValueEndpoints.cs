using EventCalls.Console.Commands;
using EventCalls.Console.Problems;
using EventCalls.Console.Queries;
using EventCalls.Console.Security;
using EventCalls.Contracts;
using EventCalls.Store;
using EventCalls.Store.Steering;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace EventCalls.Console.Values;

/// <summary>What operators set for routing logic, <c>conv.Config</c>, with who changed what and when.</summary>
internal sealed class ValueEndpoints(ICallStore store, TimeProvider time)
{
    private const int ShownChanges = 100;

    private readonly IValueRecord _record = (IValueRecord)store;
    private readonly ValueSetting _setting = new((IValueRecord)store, time);

    public void Map(IEndpointRouteBuilder routes)
    {
        var api = routes.MapGroup("/api/config").WithTags("config").Needs(ApiScope.Read).Takes();
        api.MapGet("", (Delegate)ListAsync).WithSummary("What operators have set for conv.Config of routing logic").Produces<ValueList>();
        api.MapGet("/{name}", (Delegate)OneAsync).WithSummary("One value, and who changed it when, the newest first").Produces<ValueWithHistory>();
        api.MapPut("/{name}", (Delegate)SetAsync).Needs(ApiScope.Operate)
            .WithSummary("Sets a value for all routers, within two seconds: {\"value\": \"yes\", \"note\": \"…\"}; null takes it away")
            .WithMetadata(new TakesBody(ConsoleJson.Default.WantedValue)).Produces<ValueWithHistory>();
    }

    private async Task<IResult> ListAsync(HttpContext context)
    {
        var now = await _setting.NowAsync(context.RequestAborted).ConfigureAwait(false);
        return PlainJson.Of(new ValueList(now.Number, now.Values), ConsoleJson.Default.ValueList);
    }

    private async Task<IResult> OneAsync(string name, HttpContext context)
    {
        var one = await ReadAsync(name, context.RequestAborted).ConfigureAwait(false);
        return one.Changes.Count > 0 ? Answer(one) : throw ApiProblemException.NotFound($"Nothing was ever set for '{PlainText.Of(name)}'; GET /api/config lists what is.");
    }

    private async Task<IResult> SetAsync(string name, HttpContext context)
    {
        var wanted = await GivenObject.ReadAsync(context, ConsoleJson.Default.WantedValue).ConfigureAwait(false);
        try
        {
            await _setting.SetAsync(name, wanted.Value, context.Caller().Name, wanted.Note, context.RequestAborted).ConfigureAwait(false);
        }
        catch (ValueRefusedException e)
        {
            throw e.Property is { } field ? ApiProblemException.Invalid(field, e.Message) : new ApiProblemException(409, "Too many values", e.Message);
        }
        return Answer(await ReadAsync(name, context.RequestAborted).ConfigureAwait(false));
    }

    private async Task<ValueWithHistory> ReadAsync(string name, CancellationToken cancellationToken)
    {
        var changes = await _record.ListValueChangesAsync(name, ShownChanges, cancellationToken).ConfigureAwait(false);
        return new ValueWithHistory(name, changes is [var last, ..] ? last.Value : null, changes);
    }

    private static IResult Answer(ValueWithHistory one) => PlainJson.Of(one, ConsoleJson.Default.ValueWithHistory);
}
