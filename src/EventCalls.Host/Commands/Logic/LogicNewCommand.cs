using System.CommandLine;
using EventCalls.Contracts;
using EventCalls.Routing.Kit;

namespace EventCalls.Host.Commands.Logic;

/// <summary><c>eventcalls logic new DIR</c>: writes a project to begin routing logic with.</summary>
internal static class LogicNewCommand
{
    public static Command Create(CommandContext context)
    {
        var folder = new Argument<string>("DIR") { Description = "The folder of the project; a new or empty one." };
        folder.Validators.Add(result =>
        {
            if (string.IsNullOrWhiteSpace(result.GetValueOrDefault<string>()))
                result.AddError("DIR is empty; name a folder for the project");
        });
        var command = new Command("new", "Writes a project for an IDE: sample logic, its cases, and tests.") { folder };
        command.SetAction(result =>
        {
            string path = Path.GetFullPath(result.GetValue(folder)!, context.Folder);
            try
            {
                foreach (string file in LogicProject.Create(path))
                    context.Out.WriteLine(file);
                return ExitCodes.Done;
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                context.Error.WriteLine(PlainText.Of(e.Message));
                return ExitCodes.NotSo;
            }
        });
        return command;
    }
}
