using EventCalls.Host.Configuration;
using EventCalls.Replay;
using EventCalls.Routing.Webhook;

namespace EventCalls.Host.Commands.Replay;

/// <summary>Makes the web service that past calls are to be decided with.</summary>
internal static class CandidateWebhook
{
    // What it decides counts; how long it may take for a live call does not.
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(10);

    /// <summary>The web service; null when the candidate is none.</summary>
    /// <exception cref="SettingsException">Its Authorization cannot be read or sent.</exception>
    public static WebhookCandidate? Of(CommandContext context, ReplayRequest request, Settings settings)
    {
        if (request.Webhook is not { } url)
            return null;
        var options = new WebhookOptions { Url = url, Timeout = s_limit, Authorization = Authorization(context, request) };
        try
        {
            (settings.Router with { LogicPath = null, LogicFrom = Routing.LogicFrom.Folder, Webhook = options }).Check();
        }
        catch (ArgumentException e)
        {
            throw new SettingsException([e.Message]);
        }
        return new WebhookCandidate(options, settings.Router with { KnownEndpoints = settings.KnownEndpoints }, request.Threads, context.Time);
    }

    private static string? Authorization(CommandContext context, ReplayRequest request)
    {
        if (request.AuthorizationFile is not { } file)
            return null;
        try
        {
            return File.ReadAllText(Path.GetFullPath(file, context.Folder)).Trim();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new SettingsException([$"--authorization-file is '{file}'; {e.Message}"]);
        }
    }
}
