using System.Net;
using System.Text.Json;
using EventCalls.Replay.Audit;

namespace EventCalls.Console.Tests;

public sealed class ForkApiTests
{
    [Fact]
    public async Task A_call_is_played_on_and_both_courses_and_the_ladder_are_shown()
    {
        var call = RecordedCalls.Refused();
        var done = new TaskCompletionSource();
        await using var console = await ServedStore.StartAsync(sources: s => s with
        {
            Fork = (history, at, inject, logic, _) => inject switch
            {
                "nonsense" => throw new ForkRefusedException("inject: 'nonsense' is given; expected 486."),
                "unheard of" => throw new ForkRefusedException("The call was made elsewhere."),
                _ => Task.FromResult<PreparedFork>(async ct =>
                {
                    await done.Task.WaitAsync(ct);
                    return at == 1 && inject == "486" && logic is null
                        ? new PlayedFork("""{"same":false}"""u8.ToArray(), history.Events, at, false, null)
                        : throw new ForkRefusedException("no such thing");
                }),
            },
        });
        await console.AppendAsync(call.Events);
        string path = $"/api/calls/{call.Id:D}/forks";
        Assert.Equal(("inject: 'nonsense' is given; expected 486.", "inject"), await console.Client.ProblemAsync(Answers.Post(path, """{"inject": "nonsense"}"""), 422));
        Assert.Equal(("The call was made elsewhere.", null), await console.Client.ProblemAsync(Answers.Post(path, """{"inject": "unheard of"}"""), 409));
        await console.Client.ProblemAsync(Answers.Post(path, """{"logic": "abcdef"}"""), 404);
        await console.Client.ProblemAsync(Answers.Post(path, """{"ad": 1}"""), 422);
        await console.Client.ProblemAsync(Answers.Post("/api/calls/none/forks", "{}"), 404);
        string id = await StartAsync("""{"inject": "486"}""");
        Assert.Equal("running", (await console.Client.JsonAsync($"/api/forks/{id}")).GetProperty("state").GetString());
        await console.Client.ProblemAsync($"/api/forks/{id}/ladder.svg", 409);
        await console.Client.ProblemAsync(Answers.Post(path, "{}"), 409);
        done.SetResult();

        var fork = await EndAsync(id);
        Assert.Equal(("done", "loopback", false), (fork.GetProperty("state").GetString(), fork.GetProperty("by").GetString(), fork.GetProperty("fork").GetProperty("same").GetBoolean()));
        using (var svg = await console.Client.GetAsync($"/api/forks/{id}/ladder.svg"))
            Assert.Equal((HttpStatusCode.OK, "image/svg+xml"), (svg.StatusCode, svg.Content.Headers.ContentType!.MediaType));
        fork = await EndAsync(await StartAsync("""{"inject": "other"}"""));
        Assert.Equal(("failed", "no such thing"), (fork.GetProperty("state").GetString(), fork.GetProperty("problem").GetString()));
        await console.Client.ProblemAsync($"/api/forks/{Guid.NewGuid()}", 404);

        async Task<string> StartAsync(string json)
        {
            using var answer = await console.Client.SendAsync(Answers.Post(path, json));
            Assert.Equal(HttpStatusCode.Accepted, answer.StatusCode);
            return JsonElement.Parse(await answer.Content.ReadAsStringAsync()).GetProperty("forkId").GetString()!;
        }

        async Task<JsonElement> EndAsync(string forkId)
        {
            while (true)
            {
                var now = await console.Client.JsonAsync($"/api/forks/{forkId}");
                if (now.GetProperty("state").GetString() != "running")
                    return now;
                await Task.Yield();
            }
        }
    }

    [Fact]
    public async Task Where_nothing_can_be_played_that_is_said()
    {
        await using var console = await ServedStore.StartAsync();
        await console.AppendAsync(RecordedCalls.Refused().Events);
        await console.Client.ProblemAsync(Answers.Post($"/api/calls/{RecordedCalls.Refused().Id:D}/forks", "{}"), 503);
    }
}
