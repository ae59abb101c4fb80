using EventCalls.Contracts;

namespace EventCalls.Replay.Reports.Review;

/// <summary>Where a folder of logic is in its repository, as code scanning and annotations name files.</summary>
public static class RepositoryPath
{
    /// <summary>The path from the repository's root, or from the working folder where there is no repository, with <c>/</c>; whole for what is outside of it, null for what is no folder.</summary>
    /// <param name="logic">The candidate as it was asked for.</param>
    /// <param name="workingFolder">The folder that it is relative to.</param>
    public static string? Of(string logic, string workingFolder)
    {
        if (LogicVersionName.IsHash(logic))
            return null;
        string folder = Path.TrimEndingDirectorySeparator(Path.GetFullPath(logic, workingFolder));
        string relative = Path.GetRelativePath(RootOf(folder) ?? workingFolder, folder);
        bool isOutside = Path.IsPathRooted(relative) || relative.Split(Path.DirectorySeparatorChar)[0] == "..";
        return (isOutside ? folder : relative == "." ? "" : relative).Replace('\\', '/');
    }

    // A worktree or a submodule has a file of that name.
    private static string? RootOf(string folder)
    {
        for (var at = new DirectoryInfo(folder); at is not null; at = at.Parent)
        {
            if (Path.Exists(Path.Combine(at.FullName, ".git")))
                return at.FullName;
        }
        return null;
    }
}
