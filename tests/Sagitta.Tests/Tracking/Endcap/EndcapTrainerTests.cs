namespace Sagitta.Tests.Tracking.Endcap;

public sealed class EndcapTrainerTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    public void Training_is_the_same_for_any_number_of_threads_and_lowers_the_loss_and_a_model_file_holds_it(int separationColumns)
    {
        EndcapEvents events = EndcapSlice.Digitised(5).Slice(0, 48);
        EndcapExperiment experiment = new()
        {
            SeparationColumns = separationColumns,
            Epochs = 4,
            BatchSize = 12,
            LearningRate = 1e-2,
            Network = new() { Layers = 1, Heads = 2, HeadWidth = 4 },
            Loss = new() { WarmUp = 0.7 },
        };
        using WorkerThreads one = new(1), two = new(2);
        using EndcapTrainer first = new(experiment, EndcapSlice.Chain, events, one), second = new(
            experiment, EndcapSlice.Chain, events, two);
        List<EndcapLossTerms> terms = [];
        while (first.Step < first.Steps)
        {
            terms.Add(first.Advance());
            second.Advance();
        }

        using EndcapNetwork model = first.Model, other = second.Model;
        Assert.True(model.Parameters.Values.SequenceEqual(other.Parameters.Values));
        Assert.True(terms[^1].Classification < 0.9 * terms[0].Classification, $"{terms[0]} {terms[^1]}");
        Assert.Equal(separationColumns > 0, terms[0].Separation > 0);
        Assert.True(terms[^1].Separation < 0.9 * terms[0].Separation || separationColumns == 0, $"{terms[0]} {terms[^1]}");
        Assert.Equal(0, terms[0].Fit);
        Assert.True(terms[^1].Fit > 0, $"{terms[^1]}");
        using TemporaryFolder folder = new();
        model.Write(folder.File("model.safetensors"));
        using EndcapNetwork read = EndcapNetwork.Read(folder.File("model.safetensors"));
        Assert.Equal("end-to-end", read.Method);
        Assert.True(model.Parameters.Values.SequenceEqual(read.Parameters.Values));
        Assert.Throws<BadInputException>(() => EndcapNetwork.Read(TestData.InRepository("models", "muon", "end-to-end.safetensors")));
    }

    [Fact]
    public void Shipped_models_find_what_the_classical_method_finds()
    {
        EndcapEvents events = EndcapSlice.Digitised(5).Slice(0, 60);
        using WorkerThreads threads = new(2);
        foreach (string name in (string[])["end-to-end", "factorised"])
        {
            using EndcapNetwork model = EndcapNetwork.Read(TestData.InRepository("models", "endcap", name + ".safetensors"));
            Assert.Equal(name, model.Method);
            EndcapEvaluation evaluation = new(events, muon => EndcapSlice.Chain.Limit(muon));
            IReadOnlyList<EndcapTrack>[] tracks = EndcapReconstructor.Reconstruct(EndcapSlice.Chain, events, model, threads);
            for (int e = 0; e < events.Count; e++)
            {
                evaluation.Add(e, tracks[e]);
            }

            EndcapMetrics metrics = evaluation.Result(name);
            Assert.InRange(metrics.Efficiency, 0.95, 1);
            Assert.InRange(metrics.FakeRate, 0, 0.02);
        }
    }
}
