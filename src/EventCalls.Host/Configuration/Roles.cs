namespace EventCalls.Host.Configuration;

/// <summary>Reads <c>--roles</c>.</summary>
internal static class Roles
{
    /// <summary>All roles in one process.</summary>
    public static readonly IReadOnlySet<Role> All = new HashSet<Role>(Enum.GetValues<Role>());

    /// <summary>The roles named, separated by commas; null or empty for all.</summary>
    /// <exception cref="SettingsException">A role is unknown, or a process with only some of them has no bus to the others.</exception>
    public static IReadOnlySet<Role> Parse(string? text, Settings settings)
    {
        if (string.IsNullOrWhiteSpace(text))
            return All;
        var roles = new HashSet<Role>();
        foreach (string name in text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            if (!Enum.TryParse<Role>(name, ignoreCase: true, out var role) || !Enum.IsDefined(role))
                throw new SettingsException([$"--roles {text}: '{name}' is no role; expected ingress, router, recorder and console, separated by commas"]);
            roles.Add(role);
        }
        if (roles.Contains(Role.Console) && settings.Http.Listen is null)
            throw new SettingsException([$"--roles {text}: the console has nowhere to listen; set {KeyReader.Section}:Http:Listen, such as http://127.0.0.1:8080, or leave the role out"]);
        if (settings.Bus.RabbitMq is null && All.Except(roles).Any(missing => missing != Role.Console))
            throw new SettingsException([$"--roles {text}: the bus inside a process does not reach the other roles; set EventCalls:Bus:RabbitMq, or run all roles"]);
        return roles;
    }
}

/// <summary>What a process does; <c>--roles</c> names them.</summary>
internal enum Role
{
    /// <summary>Takes calls, and carries out their handoffs.</summary>
    Ingress,

    /// <summary>Decides calls.</summary>
    Router,

    /// <summary>Stores what happened.</summary>
    Recorder,

    /// <summary>Serves HTTP, where <c>Http:Listen</c> says.</summary>
    Console,
}
