namespace Sagitta.Tests.Tracking.Tracks;

public sealed class TrackSearchTests
{
    private const float Likely = 6;
    private static readonly TrackSearch _search = new(new WeightedTrackFit(ToyDetector.TwoStations, new ClusterOptions(), new()));

    [Fact]
    public void Of_two_segments_in_a_station_the_one_that_a_circle_joins_to_the_other_station_keeps_its_weights()
    {
        // A straight muon at 10 mm, and in the first station a second segment, 40 mm beside and inclined, scored the same.
        (EventSet events, bool[] muon) = HandmadeEvent.Of(
            [.. HandmadeEvent.Line(0, 8, 10, 0), .. HandmadeEvent.Line(0, 8, 50, 0.3), .. HandmadeEvent.Line(8, 16, 10, 0)], hit =>
            Math.Abs(hit.Y - 10) < 1);
        double[] weights = [.. muon.Select(_ => 0.9)];
        double[] kept = Within(events, [.. muon.Select(_ => Likely)], weights);
        Assert.Equal(muon.Select(m => m ? 0.9 : 0), kept);
        Assert.All(weights, weight => Assert.Equal(0.9, weight));
    }

    [Fact]
    public void Of_two_tracks_the_better_scored_is_kept()
    {
        (EventSet events, bool[] first) = HandmadeEvent.Of(
            [.. HandmadeEvent.Line(0, 16, 10, 0), .. HandmadeEvent.Line(0, 16, 60, 0)], hit => hit.Y < 30);
        foreach (bool wanted in new[] { true, false })
        {
            double[] kept = Within(events, [.. first.Select(f => f == wanted ? Likely : -Likely)], [.. first.Select(_ => 0.8)]);
            Assert.Equal(first.Select(f => f == wanted ? 0.8 : 0), kept);
        }
    }

    [Fact]
    public void A_station_in_which_the_network_found_nothing_is_left_to_the_search()
    {
        (EventSet events, _) = HandmadeEvent.Of([.. HandmadeEvent.Line(0, 16, 10, 0)], _ => true);
        double[] weights = [.. events.HitPlane.Select(plane => plane < 8 ? 1e-6 : 0.7)];
        float[] scores = [.. events.HitPlane.Select(plane => plane < 8 ? -Likely : Likely)];
        Assert.Equal(events.HitPlane.Select(plane => plane < 8 ? 1.0 : 0.7), Within(events, scores, weights));
    }

    [Fact]
    public void A_track_that_the_network_sees_in_no_station_is_not_taken_for_the_muons()
    {
        // The only candidate scores low throughout; what the network sees is in planes too few for one.
        (EventSet events, bool[] seen) = HandmadeEvent.Of(
            [.. HandmadeEvent.Line(0, 16, 60, 0), .. HandmadeEvent.Line(8, 10, 10, 0)], hit => hit.Y < 30);
        double[] weights = [.. seen.Select(s => s ? 0.9 : 1e-4)];
        Assert.Equal(weights, Within(events, [.. seen.Select(s => s ? Likely : -Likely)], weights));
    }

    [Fact]
    public void A_track_with_fewer_than_half_of_the_planes_that_the_network_sees_is_not_taken_for_the_muons()
    {
        // Seen: three planes of the second station, no segment, and in the first a candidate's planes, two of them or four.
        foreach (int shared in new[] { 2, 4 })
        {
            (EventSet events, bool[] seen) = HandmadeEvent.Of(
                [.. HandmadeEvent.Line(0, 16, 60, 0), .. HandmadeEvent.Line(8, 11, 10, 0)], hit => hit.Y < 30 || hit.Plane < shared);
            double[] weights = [.. seen.Select(s => s ? 0.9 : 1e-4)];
            double[] kept = Within(events, [.. seen.Select(s => s ? Likely : -Likely)], weights);
            Assert.Equal(shared == 2 ? weights : [.. events.HitPlane.Select(
                (plane, hit) => events.HitY[hit] < 30 ? 0 : plane >= 8 ? 1 : weights[hit])], kept);
        }
    }

    [Fact]
    public void Several_networks_find_what_each_finds_alone()
    {
        Detector toy = DetectorFile.Load("toy16");
        using WorkerThreads threads = new(2);
        EventSet events = MuonSimulation.Generate(toy, new() { Digitisation = new() { Background = new() { KHzPerCm2 = [20] } } }, 6, 0, 70,
            threads);
        TrackSearch search = new(new WeightedTrackFit(toy, new ClusterOptions(), new()));
        ScoredHits[] networks = [.. Enumerable.Range(1, 3).Select(n =>
        {
            float[] scores = [.. events.LabelHit.Select((label, hit) => label != 0 ? 3f : ((hit * 7) % (10 + n)) - 8f)];
            return new ScoredHits(scores, [.. scores.Select(score => SoftClustering.Sigmoid(score))]);
        })];
        IReadOnlyList<double[]> together = search.Within(events.Hits, networks, threads);
        Assert.Equal(networks.Length, together.Count);
        for (int n = 0; n < networks.Length; n++)
        {
            Assert.Equal(search.Within(events.Hits, networks[n], threads), together[n]);
        }

        Assert.NotEqual(together[0], together[1]);
    }

    [Fact]
    public void Without_a_candidate_weights_stay_as_they_are()
    {
        (EventSet events, _) = HandmadeEvent.Of([.. HandmadeEvent.Line(0, 2, 10, 0), .. HandmadeEvent.Line(8, 10, 10, 0)], _ => true);
        double[] weights = [.. Enumerable.Range(0, events.HitCount).Select(hit => 0.01 * hit)];
        Assert.Equal(weights, Within(events, new float[events.HitCount], weights));
    }

    [Fact]
    public void Empty_events_and_scores_that_are_no_numbers_do_no_harm()
    {
        (EventSet none, _) = HandmadeEvent.Of([], _ => true);
        Assert.Empty(Within(none, [], []));
        (EventSet events, _) = HandmadeEvent.Of([.. HandmadeEvent.Line(0, 16, 10, 0)], _ => true);
        double[] kept = Within(events, [.. Enumerable.Repeat(float.NaN, events.HitCount)], [.. Enumerable.Repeat(0.9, events.HitCount)]);
        Assert.All(kept, weight => Assert.Equal(0.9, weight));
    }

    [Fact]
    public void The_result_does_not_depend_on_the_number_of_threads_and_no_weight_grows_beyond_one()
    {
        Detector toy = DetectorFile.Load("toy16");
        using WorkerThreads one = new(1);
        using WorkerThreads three = new(3);
        EventSet events = MuonSimulation.Generate(toy, new() { Digitisation = new() { Background = new() { KHzPerCm2 = [20] } } }, 5, 0,
            150, one);
        TrackSearch search = new(new WeightedTrackFit(toy, new ClusterOptions(), new()));
        float[] scores = [.. events.LabelHit.Select((label, hit) => label != 0 ? 3f : ((hit * 7) % 13) - 9f)];
        double[] weights = [.. scores.Select(score => SoftClustering.Sigmoid(score))];
        double[] kept = search.Within(events.Hits, new ScoredHits(scores, weights), one);
        Assert.Equal(kept, search.Within(events.Hits, new ScoredHits(scores, weights), three));
        Assert.All(kept, weight => Assert.InRange(weight, 0, 1));

        // What stays is the muon's for the most part, what goes is not.
        double KeptShare(int label) => kept.Where((_, hit) => events.LabelHit[hit] == label).Sum() / weights.Where(
            (_, hit) => events.LabelHit[hit] == label).Sum();
        Assert.InRange(KeptShare(1), 0.9, 1);
        Assert.InRange(KeptShare(0), 0, 0.2);
    }

    [Fact]
    public void One_score_and_one_weight_a_hit_are_asked_for()
    {
        (EventSet events, _) = HandmadeEvent.Of([.. HandmadeEvent.Line(0, 16, 10, 0)], _ => true);
        Assert.Throws<ArgumentException>(() => Within(events, new float[3], new double[events.HitCount]));
        Assert.Throws<ArgumentException>(() => Within(events, new float[events.HitCount], new double[3]));
    }

    private static double[] Within(EventSet events, float[] scores, double[] weights)
    {
        using WorkerThreads threads = new(1);
        return _search.Within(events.Hits, new ScoredHits(scores, weights), threads);
    }
}
