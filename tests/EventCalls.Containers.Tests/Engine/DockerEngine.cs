using DotNet.Testcontainers.Configurations;

namespace EventCalls.Containers.Tests.Engine;

/// <summary>The Docker engine that the tests use: <c>DOCKER_HOST</c>'s, or the one at the usual socket.</summary>
internal static class DockerEngine
{
    private const string Variable = "EVENTCALLS_DOCKER";

    /// <summary>Why the tests cannot run; null when they can, or must: with <c>EVENTCALLS_DOCKER=required</c> they fail without an engine.</summary>
    public static string? Missing { get; } = IsRequired || TestcontainersSettings.OS.DockerEndpointAuthConfig is not null
        ? null
        : $"No Docker engine answers at DOCKER_HOST or the usual socket. infra/test.sh starts one; {Variable}=required makes this a failure.";

    private static bool IsRequired => Environment.GetEnvironmentVariable(Variable) == "required";
}
