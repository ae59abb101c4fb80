using System.Net;
using System.Net.Sockets;
using System.Text;
using EventCalls.Media.Rtpengine;

namespace EventCalls.Media.Tests.Rtpengine;

/// <summary>Listens where an rtpengine would, and answers as a test says.</summary>
internal sealed class FakeEngine : IDisposable
{
    private readonly UdpClient _socket = new(new IPEndPoint(IPAddress.Loopback, 0));

    /// <summary>Begins to answer.</summary>
    /// <param name="answer">What is answered to the n-th datagram, counted from 1, one datagram each.</param>
    public FakeEngine(Func<int, NgValue, IEnumerable<NgValue>> answer) => _ = AnswerAsync(answer);

    /// <summary>Where it listens.</summary>
    public IPEndPoint Address => (IPEndPoint)_socket.Client.LocalEndPoint!;

    /// <summary>The cookies of what came, in order.</summary>
    public List<string> Cookies { get; } = [];

    /// <summary>What came, in order.</summary>
    public List<NgValue> Asked { get; } = [];

    public static NgValue Ok(string? description = null) => NgValue.Of(new Dictionary<string, NgValue>
    {
        ["result"] = NgValue.Of("ok"),
        ["sdp"] = NgValue.Of(description ?? "v=0\r\n"),
    });

    public static NgValue Error(string why) => NgValue.Of(new Dictionary<string, NgValue> { ["result"] = NgValue.Of("error"), ["error-reason"] = NgValue.Of(why) });

    public void Dispose() => _socket.Dispose();

    private async Task AnswerAsync(Func<int, NgValue, IEnumerable<NgValue>> answer)
    {
        try
        {
            while (true)
            {
                var datagram = await _socket.ReceiveAsync();
                int space = datagram.Buffer.AsSpan().IndexOf((byte)' ');
                string cookie = Encoding.ASCII.GetString(datagram.Buffer, 0, space);
                var asked = NgValue.Read(datagram.Buffer.AsMemory(space + 1))!;
                NgValue[] answers;
                lock (Asked)
                {
                    Cookies.Add(cookie);
                    Asked.Add(asked);
                    answers = [.. answer(Asked.Count, asked)];
                }
                foreach (var one in answers)
                {
                    using var written = new MemoryStream();
                    written.Write(Encoding.ASCII.GetBytes(cookie + " "));
                    one.WriteTo(written);
                    await _socket.SendAsync(written.ToArray(), datagram.RemoteEndPoint);
                }
            }
        }
        catch (Exception e) when (e is ObjectDisposedException or SocketException)
        {
            // The test is over.
        }
    }
}
