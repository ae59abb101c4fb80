using System.Text;

namespace EventCalls.Host.Tests.Demo;

/// <summary>Keeps what is written, and tells when some texts are there.</summary>
internal sealed class AnnouncingWriter(params string[] texts) : StringWriter
{
    private readonly TaskCompletionSource _announced = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Lock _lock = new();

    /// <summary>Completes when all of them were written.</summary>
    public Task Announced => _announced.Task;

    public override Encoding Encoding => Encoding.UTF8;

    public override void Write(char value) => Write(value.ToString());

    public override void Write(char[] buffer, int index, int count) => Write(new string(buffer, index, count));

    public override void Write(string? value)
    {
        lock (_lock)
        {
            base.GetStringBuilder().Append(value);
            string all = base.ToString();
            if (texts.All(text => all.Contains(text, StringComparison.Ordinal)))
                _announced.TrySetResult();
        }
    }

    public override string ToString()
    {
        lock (_lock)
            return base.ToString();
    }
}
