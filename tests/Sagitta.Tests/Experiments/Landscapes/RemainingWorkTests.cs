namespace Sagitta.Tests.Experiments.Landscapes;

public sealed class RemainingWorkTests
{
    [Fact]
    public void Times_of_a_kind_replace_its_guess_and_stretch_those_of_other_kinds()
    {
        Lines lines = new();
        RemainingWork work = new(lines);
        work.Expect("slow", 3, 100);
        work.Expect("quick", 4, 10);
        Assert.Equal(340, work.Seconds);
        work.Finish("slow", 200);
        Assert.Equal((2 * 200) + (4 * 20), work.Seconds, 1e-9);
        work.Finish("quick", null);
        Assert.Equal((2 * 200) + (3 * 20), work.Seconds, 1e-9);
        work.Finish("quick", 5);
        Assert.Equal((2 * 200) + (2 * 5), work.Seconds, 1e-9);
        Assert.Equal(["1 of 7 analyses done, about 8 min left", "3 of 7 analyses done, about 7 min left"], lines.Told);
    }

    private sealed class Lines : IRunProgress
    {
        public List<string> Told { get; } = [];

        public IStageProgress Begin(string name, long total, string unit) => SilentProgress.Instance;

        public void Note(string line) => Told.Add(line);
    }
}
