using System.Collections.Frozen;
using System.Security.Cryptography;
using EventCalls.Console.Queries;
using EventCalls.Console.Security;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace EventCalls.Console.Pages;

/// <summary>The style sheet, scripts and pictures of the pages, out of this assembly: nothing is fetched from elsewhere.</summary>
internal static class Asset
{
    private const string Folder = "EventCalls.Console.Assets.";

    private static readonly FrozenDictionary<string, (byte[] Bytes, string Hash)> s_all = typeof(Asset).Assembly.GetManifestResourceNames()
        .Where(name => name.StartsWith(Folder, StringComparison.Ordinal))
        .ToFrozenDictionary(name => name[Folder.Length..], Read, StringComparer.Ordinal);

    /// <summary>The address of one; another one when its bytes change, so that a browser may keep it for ever.</summary>
    public static string Of(string name) => $"/assets/{s_all[name].Hash}/{name}";

    /// <summary>Serves them.</summary>
    public static void Map(IEndpointRouteBuilder routes) => routes.MapGet("/assets/{hash}/{name}", static (string hash, string name, HttpContext context) =>
    {
        if (!s_all.TryGetValue(name, out var asset))
            return Results.NotFound();
        if (hash == asset.Hash)
            context.Response.Headers.CacheControl = "public, max-age=31536000, immutable";
        return Results.Bytes(asset.Bytes, Path.GetExtension(name) switch
        {
            ".css" => "text/css; charset=utf-8",
            ".js" => "text/javascript; charset=utf-8",
            _ => "image/svg+xml",
        });
    }).IsOpen().WithMetadata(new AnyParameters()).ExcludeFromDescription();

    private static (byte[] Bytes, string Hash) Read(string name)
    {
        using var stream = typeof(Asset).Assembly.GetManifestResourceStream(name)!;
        byte[] bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return (bytes, Convert.ToHexStringLower(SHA256.HashData(bytes).AsSpan(0, 8)));
    }
}
