using System.CommandLine;
using EventCalls.Host.Composition;

namespace EventCalls.Host.Commands;

/// <summary>The option <c>--roles</c>.</summary>
internal static class RolesOption
{
    /// <param name="more">What it means to leave it out.</param>
    public static Option<string?> Create(string more)
    {
        var option = new Option<string?>("--roles") { Description = $"ingress, router and recorder, separated by commas; {more}", HelpName = "ROLES" };
        option.CompletionSources.Add([.. Enum.GetNames<Role>().Select(r => r.ToLowerInvariant())]);
        return option;
    }
}
