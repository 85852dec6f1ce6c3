namespace Sagitta.Tests.Tracking.Endcap;

public sealed class EndcapLossTests
{
    // One term alone: through the minimum of the fit, or past it, through the clusters and the network to its parameters.
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Gradient_of_what_tracks_have_is_that_of_differences(bool local)
    {
        EndcapEvents events = EndcapSlice.Digitised(5);
        int e = Enumerable.Range(0, events.Count).First(i => events.MuonsOf(i).Length == 1);
        using EndcapNetwork shipped = EndcapNetwork.Read(TestData.InRepository("models", "endcap", "end-to-end.safetensors"));
        using EndcapNetwork model = new(shipped.Experiment with
        {
            Loss = new() { Fit = local ? 0 : 1, Local = local ? 1 : 0, Assignment = 0, Separation = 0 },
        });
        shipped.Parameters.Values.CopyTo(model.Parameters.Values);
        double[] limits = [.. events.Muons.Select(muon => EndcapSlice.Chain.Limit(muon))];
        using EndcapLoss loss = new(EndcapSlice.Chain, model);
        using ParameterVector<float> gradient = new(model.Network.Layout), unused = new(model.Network.Layout);
        EndcapBatchScale scale = new(0, 0, 1, 1, 1);
        gradient.Values.Clear();
        EndcapLossTerms at = loss.Run(events, e, limits, scale, gradient);
        Assert.Equal(local, at.Fit == 0);
        Assert.Equal(local ? "local" : "end-to-end", model.Method);
        double norm = Math.Sqrt(gradient.Values.ToArray().Sum(g => (double)g * g));
        Assert.True(norm > 0);
        double Moved(double step)
        {
            for (int i = 0; i < gradient.Values.Length; i++)
            {
                model.Parameters.Values[i] = shipped.Parameters.Values[i] + (float)(step * gradient.Values[i] / norm);
            }

            EndcapLossTerms terms = loss.Run(events, e, limits, scale, unused);
            return terms.Local + terms.Fit;
        }

        const double Step = 2e-3;
        Assert.Equal(norm, (Moved(Step) - Moved(-Step)) / (2 * Step), 0.05 * norm);
    }
}
