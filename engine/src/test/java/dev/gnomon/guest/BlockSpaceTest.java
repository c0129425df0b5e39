package dev.gnomon.guest;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class BlockSpaceTest {
    private static final int PAGES = 2000;

    @Test
    void regionsLieBehindTheHeaderCloseTogether() {
        BlockSpace space = new BlockSpace((long) PAGES * HostBlockDescriptor.PAGE_BYTES);
        assertThat(space.allocate(33)).isEqualTo(1);
        assertThat(space.allocate(1)).isEqualTo(34);
        assertThat(space.allocate(33)).isEqualTo(35);
        space.release(1, 33);
        assertThat(space.allocate(16)).isEqualTo(68);
        assertThat(space.allocate(33)).isEqualTo(1);
    }

    @Test
    void thereIsNoRoomBeyondTheBlock() {
        BlockSpace space = new BlockSpace(10L * HostBlockDescriptor.PAGE_BYTES);
        assertThat(space.allocate(10)).isEqualTo(BlockSpace.NONE);
        assertThat(space.allocate(9)).isEqualTo(1);
        assertThat(space.allocate(1)).isEqualTo(BlockSpace.NONE);
        space.release(1, 9);
        assertThat(space.allocate(9)).isEqualTo(1);
    }

    @Test
    void noPageIsGivenToTwo() {
        record Region(int first, int count) {}
        Random random = new Random(7);
        BlockSpace space = new BlockSpace((long) PAGES * HostBlockDescriptor.PAGE_BYTES);
        BitSet taken = new BitSet(PAGES);
        List<Region> regions = new ArrayList<>();
        int[] sizes = {1, 2, 16, 33, 5, 7};
        for (int n = 0; n < 5000; n++) {
            if (!regions.isEmpty() && random.nextInt(100) < 45) {
                Region region = regions.remove(random.nextInt(regions.size()));
                taken.clear(region.first, region.first + region.count);
                space.release(region.first, region.count);
                continue;
            }
            int count = sizes[random.nextInt(sizes.length)];
            int first = space.allocate(count);
            if (first != BlockSpace.NONE) {
                assertThat(first).isGreaterThan(0);
                assertThat(first + count).isLessThanOrEqualTo(PAGES);
                assertThat(taken.get(first, first + count).cardinality()).isZero();
                taken.set(first, first + count);
                regions.add(new Region(first, count));
            }
        }
        assertThat(regions).isNotEmpty();
    }
}
