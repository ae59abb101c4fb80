using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Schema;
using System.Text.Json.Serialization.Metadata;
using System.Text.RegularExpressions;
using EventCalls.Console.Commands;
using EventCalls.Console.Queries;
using EventCalls.Console.Security;
using EventCalls.Contracts;
using EventCalls.Contracts.Findings;
using EventCalls.Replay.Audit;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Routing;

namespace EventCalls.Console.Describing;

/// <summary>The API's description (OpenAPI 3.1), made of what the end points say of themselves: what checks a request and what describes it is the same.</summary>
internal static partial class ApiDocument
{
    private const string Problem = "Problem";

    public static void Map(IEndpointRouteBuilder routes)
    {
        // Made when it is first asked for, and the same from then on.
        var document = new Lazy<byte[]>(() => JsonSerializer.SerializeToUtf8Bytes(Of(routes.DataSources.SelectMany(s => s.Endpoints).OfType<RouteEndpoint>())));
        routes.MapGet("/openapi/v1.json", (Delegate)(() => TypedResults.Bytes(document.Value, "application/json"))).IsOpen().Takes()
            .WithTags("service").WithSummary("This description").Produces(200, contentType: "application/json");
    }

    private static JsonObject Of(IEnumerable<RouteEndpoint> endpoints)
    {
        var schemas = new JsonObject { [Problem] = ProblemSchema() };
        var paths = new JsonObject();
        foreach (var endpoint in endpoints.OrderBy(e => e.RoutePattern.RawText, StringComparer.Ordinal))
        {
            // Pages describe themselves to people.
            if (endpoint.Metadata.GetMetadata<IEndpointSummaryMetadata>() is not { } summary)
                continue;
            string path = "/" + endpoint.RoutePattern.RawText!.Trim('/');
            if (paths[path] is not JsonObject item)
                paths[path] = item = [];
            foreach (string method in endpoint.Metadata.GetRequiredMetadata<IHttpMethodMetadata>().HttpMethods)
                item[method.ToLowerInvariant()] = Operation(endpoint, summary.Summary, schemas);
        }
        return new JsonObject
        {
            ["openapi"] = "3.1.0",
            ["info"] = new JsonObject { ["title"] = "EventCalls", ["version"] = "1", ["description"] = "Calls, recorded and live, and commands for them. Problems are RFC 9457." },
            ["paths"] = paths,
            ["components"] = new JsonObject
            {
                ["schemas"] = schemas,
                ["securitySchemes"] = new JsonObject { ["key"] = new JsonObject { ["type"] = "http", ["scheme"] = "bearer", ["description"] = "An API key, as 'eventcalls keys new' makes it." } },
            },
        };
    }

    private static JsonObject Operation(RouteEndpoint endpoint, string summary, JsonObject schemas)
    {
        var operation = new JsonObject
        {
            ["summary"] = summary,
            ["tags"] = new JsonArray([.. (endpoint.Metadata.GetMetadata<ITagsMetadata>()?.Tags ?? []).Select(tag => (JsonNode)tag)]),
        };
        if (endpoint.Metadata.GetMetadata<NeededScope>() is { Scope: { } needed } access)
        {
            operation["security"] = new JsonArray(new JsonObject { ["key"] = new JsonArray() });
            operation["x-scope"] = WireName.Of(needed);
            if (access.Listens)
                operation["x-listen"] = true;
            if (access.Monitors)
                operation["x-monitor"] = true;
        }
        var parameters = new JsonArray();
        foreach (var parameter in endpoint.RoutePattern.Parameters)
            parameters.Add(Parameter(parameter.Name, "path", null));
        foreach (var parameter in endpoint.Metadata.GetMetadata<QueryParameters>()?.All ?? [])
            parameters.Add(Parameter(parameter.Name, "query", parameter.Says));
        if (endpoint.Metadata.GetMetadata<TakesBody>() is { } body)
        {
            if (body.IsOnce)
                parameters.Add(Parameter(IdempotencyKey.Header, "header", "Given again with the same key, a command is carried out once."));
            operation["requestBody"] = new JsonObject { ["content"] = new JsonObject { ["application/json"] = new JsonObject { ["schema"] = body.Type is { } type ? Reference(type, schemas) : Texts(body.Texts) } } };
        }
        if (parameters.Count > 0)
            operation["parameters"] = parameters;
        operation["responses"] = Responses(endpoint, schemas);
        return operation;
    }

    private static JsonObject Texts(IReadOnlyList<string>? names)
    {
        var schema = new JsonObject { ["type"] = "object" };
        if (names is not null)
        {
            schema["properties"] = new JsonObject(names.Select(name => KeyValuePair.Create(name, (JsonNode?)new JsonObject { ["type"] = "string" })));
            schema["additionalProperties"] = false;
        }
        return schema;
    }

    private static JsonObject Parameter(string name, string place, string? says)
    {
        var parameter = new JsonObject { ["name"] = name, ["in"] = place, ["schema"] = new JsonObject { ["type"] = "string" } };
        if (place == "path")
            parameter["required"] = true;
        if (says is not null)
            parameter["description"] = says;
        return parameter;
    }

    private static JsonObject Responses(RouteEndpoint endpoint, JsonObject schemas)
    {
        var responses = new JsonObject();
        foreach (var response in endpoint.Metadata.GetOrderedMetadata<IProducesResponseTypeMetadata>())
        {
            var content = new JsonObject();
            foreach (string type in response.ContentTypes.DefaultIfEmpty("application/json"))
                content[type] = response.StatusCode >= 400 ? ProblemContent() : TypeOf(response.Type) is { } info ? new JsonObject { ["schema"] = Reference(info, schemas) } : [];
            responses[$"{response.StatusCode}"] = new JsonObject { ["description"] = response.StatusCode < 400 ? "What was asked for." : "A problem.", ["content"] = content };
        }
        responses["default"] = new JsonObject { ["description"] = "A problem.", ["content"] = new JsonObject { ["application/problem+json"] = ProblemContent() } };
        return responses;
    }

    private static JsonObject ProblemContent() => new() { ["schema"] = new JsonObject { ["$ref"] = $"#/components/schemas/{Problem}" } };

    private static JsonTypeInfo? TypeOf(Type? type) =>
        type is null || type == typeof(void) ? null : ConsoleJson.Default.GetTypeInfo(type) ?? AuditJson.Default.GetTypeInfo(type) ?? HealthJson.Default.GetTypeInfo(type);

    private static JsonObject Reference(JsonTypeInfo info, JsonObject schemas)
    {
        string name = info.Type.Name;
        if (!schemas.ContainsKey(name))
        {
            string schema = info.GetJsonSchemaAsNode().ToJsonString();
            // References are from the schema's own root, which is no longer the document's.
            schemas[name] = JsonNode.Parse(OwnReference().Replace(schema, $"\"$$ref\":\"#/components/schemas/{name}"));
        }
        return new JsonObject { ["$ref"] = $"#/components/schemas/{name}" };
    }

    private static JsonObject ProblemSchema()
    {
        var members = new JsonObject();
        foreach (string name in (string[])["type", "title", "detail", "field"])
            members[name] = new JsonObject { ["type"] = "string" };
        members["status"] = new JsonObject { ["type"] = "integer" };
        return new JsonObject { ["type"] = "object", ["properties"] = members };
    }

    [GeneratedRegex("\"\\$ref\":\"#")]
    private static partial Regex OwnReference();
}
