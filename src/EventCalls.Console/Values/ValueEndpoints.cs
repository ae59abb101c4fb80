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
    // With each decision all values go to what decides.
    private const int MostValues = 100;
    private const int LongestName = 64;
    private const int LongestValue = 1_000;
    private const int LongestNote = 500;
    private const int ShownChanges = 100;

    private readonly IValueRecord _record = (IValueRecord)store;

    public void Map(IEndpointRouteBuilder routes)
    {
        var api = routes.MapGroup("/api/config").WithTags("config").Needs(ApiScope.Read).Takes();
        api.MapGet("", (Delegate)ListAsync).WithSummary("What operators have set for conv.Config of routing logic").Produces<ValueList>();
        api.MapGet("/{name}", (Delegate)OneAsync).WithSummary("One value, and who changed it when, the newest first").Produces<ValueWithHistory>();
        api.MapPut("/{name}", (Delegate)SetAsync).Needs(ApiScope.Operate)
            .WithSummary("Sets a value for all routers, within two seconds: {\"value\": \"yes\", \"note\": \"…\"}; null takes it away")
            .WithMetadata(new TakesBody()).Produces<ValueWithHistory>();
    }

    private async Task<IResult> ListAsync(HttpContext context)
    {
        var now = await NowAsync(context.RequestAborted).ConfigureAwait(false);
        return TypedResults.Json(new ValueList(now.Number, now.Values), ConsoleJson.Default.ValueList);
    }

    private async Task<IResult> OneAsync(string name, HttpContext context)
    {
        var one = await ReadAsync(name, context.RequestAborted).ConfigureAwait(false);
        return one.Changes.Count > 0 ? Answer(one) : throw ApiProblemException.NotFound($"Nothing was ever set for '{PlainText.Of(name)}'; GET /api/config lists what is.");
    }

    private async Task<IResult> SetAsync(string name, HttpContext context)
    {
        var wanted = await GivenObject.ReadAsync(context, ConsoleJson.Default.WantedValue).ConfigureAwait(false);
        Check(name, wanted);
        while (true)
        {
            var now = await NowAsync(context.RequestAborted).ConfigureAwait(false);
            // Asked for a second time, by a client that did not see the answer.
            if (now.Values.GetValueOrDefault(name) == wanted.Value)
                break;
            if (wanted.Value is not null && !now.Values.ContainsKey(name) && now.Values.Count >= MostValues)
                throw new ApiProblemException(409, "Too many values", $"{MostValues} values are set; take one away first, with null.");
            var change = new ValueChange { Number = now.Number + 1, Name = name, Value = wanted.Value, By = context.Caller().Name, At = time.GetUtcNow(), Note = wanted.Note };
            if (await _record.TryChangeValueAsync(change, context.RequestAborted).ConfigureAwait(false))
                break;
        }
        return Answer(await ReadAsync(name, context.RequestAborted).ConfigureAwait(false));
    }

    private static void Check(string name, WantedValue wanted)
    {
        if (name.Length > LongestName || !name.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '.' or '-'))
            throw ApiProblemException.Invalid("name", $"'{PlainText.Of(name)}' is no name of a value: 1 to {LongestName} letters, digits, '_', '.' and '-'.");
        if (wanted.Value?.Length > LongestValue || wanted.Value?.Contains('\0') == true)
            throw ApiProblemException.Invalid("value", $"value: at most {LongestValue} characters, without NUL, are possible; what is larger belongs into a table (Routing:Lookups).");
        if (wanted.Note?.Length > LongestNote || wanted.Note?.Contains('\0') == true)
            throw ApiProblemException.Invalid("note", $"note: at most {LongestNote} characters, without NUL, are possible.");
    }

    private async Task<ValueWithHistory> ReadAsync(string name, CancellationToken cancellationToken)
    {
        var changes = await _record.ListValueChangesAsync(name, ShownChanges, cancellationToken).ConfigureAwait(false);
        return new ValueWithHistory(name, changes is [var last, ..] ? last.Value : null, changes);
    }

    private async Task<OperatorValues> NowAsync(CancellationToken cancellationToken) => (await _record.ReadValuesAsync(-1, cancellationToken).ConfigureAwait(false))!;

    private static IResult Answer(ValueWithHistory one) => TypedResults.Json(one, ConsoleJson.Default.ValueWithHistory);
}
